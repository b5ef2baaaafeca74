package dev.kappa.operator.autoscaler;

import dev.kappa.wire.DemandReport.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What all gateways together know of a version now.
 *
 * @param queued events that wait
 * @param inFlight events that run
 * @param up average concurrency over the short window, 0 while that is not spanned
 * @param stable average concurrency over the long window
 * @param stableKnown whether the long window is spanned
 * @param meanDuration of events, null-free: zero if unknown
 * @param lastEvent when the last event came or ended, {@link Instant#EPOCH} for never
 * @param instances ready instances of the current revision
 */
record Demand(
        int queued,
        int inFlight,
        double up,
        double stable,
        boolean stableKnown,
        Duration meanDuration,
        Instant lastEvent,
        List<Instance> instances) {
    /** Of a version that no gateway reports. */
    static final Demand NONE = new Demand(0, 0, 0, 0, false, Duration.ZERO, Instant.EPOCH, List.of());

    int concurrency() {
        return queued + inFlight;
    }

    boolean isIdle() {
        return concurrency() == 0;
    }
}
