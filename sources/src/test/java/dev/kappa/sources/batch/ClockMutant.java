package dev.kappa.sources.batch;

import java.time.Instant;

/** Breaks a rule of LayersTest. */
public final class ClockMutant {
    private ClockMutant() {}

    static Instant breaks() {
        return Instant.now();
    }
}
