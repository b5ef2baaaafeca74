package dev.kappa.operator.autoscaler;

import java.time.Duration;

/**
 * The constants of scaling.
 *
 * @param upWindow average over which sustained concurrency scales up
 * @param stableWindow average over which it scales down
 * @param downPause time between two steps down; a step halves at most
 * @param expectedColdStart of a version that never started, until its own cold starts are known
 * @param stuckAfter a start that takes longer covers no demand any more
 * @param startsAtOnce instances of one version that may start at the same time, as long as it has fewer ready ones
 * @param provesAtOnce revisions without demand that may be started at the same time
 * @param provisionsAtOnce instances of one version that provisioned concurrency starts at the same time
 * @param reportTimeout a gateway that is silent for longer does not count
 */
public record Policy(
        Duration upWindow,
        Duration stableWindow,
        Duration downPause,
        Duration expectedColdStart,
        Duration stuckAfter,
        int startsAtOnce,
        int provesAtOnce,
        int provisionsAtOnce,
        Duration reportTimeout) {
    /** What Kappa ships with. */
    public static final Policy DEFAULT = new Policy(
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            20,
            4,
            4,
            Duration.ofSeconds(5));
}
