package dev.kappa.controlplane.api;

/**
 * What event source mappings get that Lambda's API cannot give.
 *
 * @param sqsEndpoint where the server of queues listens; empty for AWS's own
 * @param sqsSecretName the Secret of a function's namespace with the access key of its queues; empty for none
 */
public record MappingDefaults(String sqsEndpoint, String sqsSecretName) {
    /** AWS's own queues, without a key. */
    public static final MappingDefaults NONE = new MappingDefaults("", "");
}
