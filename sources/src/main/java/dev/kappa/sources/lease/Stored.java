package dev.kappa.sources.lease;

/**
 * What a read of a shard's key found.
 *
 * @param state the value
 * @param revision of the key, from 1 on
 */
public record Stored(ShardState state, long revision) {}
