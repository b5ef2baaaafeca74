package dev.kappa.operator.autoscaler;

import java.time.Instant;

/** Breaks a rule of LayersTest. */
public final class ClockMutant {
    private ClockMutant() {}

    static Instant breaks() {
        return Instant.now();
    }
}
