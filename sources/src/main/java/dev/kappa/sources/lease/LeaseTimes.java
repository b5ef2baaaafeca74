package dev.kappa.sources.lease;

import java.time.Duration;

/**
 * The times of leases. An owner falls silent before anybody takes over, by clocks that run alike and may show anything.
 *
 * @param renew how long after a write the next one follows, and how often others look
 * @param silent how long after the sending of the last write that succeeded an owner acts
 * @param takeOver how long the revision stands still before another takes the shard
 */
public record LeaseTimes(Duration renew, Duration silent, Duration takeOver) {
    /** Three, six and ten seconds. */
    public static final LeaseTimes DEFAULT =
            new LeaseTimes(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(10));

    /** Refuses times at which two could act. */
    public LeaseTimes {
        if (renew.compareTo(silent) >= 0 || silent.compareTo(takeOver) >= 0) {
            throw new IllegalArgumentException("Leases are renewed after " + renew + ", silent after " + silent
                    + " and taken after " + takeOver + ": each has to be longer than the one before");
        }
    }
}
