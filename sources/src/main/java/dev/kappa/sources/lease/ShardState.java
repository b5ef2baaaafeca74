package dev.kappa.sources.lease;

import dev.kappa.sources.batch.Checkpoint;

/**
 * What the key of a shard holds. It has no time to live: a key that goes takes the checkpoint with it.
 *
 * @param owner name of the process that works on it, "" if it was given back
 * @param epoch how often the owner changed
 * @param checkpoint how far it is settled
 */
public record ShardState(String owner, long epoch, Checkpoint checkpoint) {
    ShardState with(Checkpoint next) {
        return new ShardState(owner, epoch, next);
    }

    ShardState takenBy(String next) {
        return new ShardState(next, epoch + 1, checkpoint);
    }
}
