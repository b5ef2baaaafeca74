package dev.kappa.operator.code;

/**
 * What holds for buckets unless a manifest says otherwise.
 *
 * @param endpoint address of the store; empty for AWS's own
 * @param region of the buckets
 */
public record S3Defaults(String endpoint, String region) {}
