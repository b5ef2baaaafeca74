package dev.kappa.sources.lease;

import java.time.Instant;

/** What the keeper of a lease asks for, or tells. */
public sealed interface LeaseCommand {
    /** Read the key; the answer is {@code seen} or {@code unknown}. */
    record Read() implements LeaseCommand {}

    /**
     * Write the key; the answer is {@code written}, {@code refused} or {@code unknown}.
     *
     * @param state the value
     * @param expected revision that the key must have, 0 if it must not be there
     */
    record Write(ShardState state, long expected) implements LeaseCommand {}

    /**
     * The shard is this process's.
     *
     * @param state with the checkpoint to go on from
     * @param mayActUntil unless it is renewed
     */
    record Acquired(ShardState state, Instant mayActUntil) implements LeaseCommand {}

    /**
     * It still is.
     *
     * @param mayActUntil unless it is renewed again
     */
    record Renewed(Instant mayActUntil) implements LeaseCommand {}

    /** It is not any more. */
    record Lost() implements LeaseCommand {}
}
