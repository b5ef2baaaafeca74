package dev.kappa.sources.batch;

import java.time.Duration;
import java.time.Instant;

/** How long to wait after failures in a row: 1 s, doubled up to a minute. */
final class Backoff {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int DOUBLINGS = 6;

    private int failures;
    private Instant until = Instant.MIN;

    void failed(Instant now) {
        Duration delay = Duration.ofSeconds(1L << Math.min(failures, DOUBLINGS));
        failures++;
        until = now.plus(delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
    }

    void succeeded() {
        failures = 0;
        until = Instant.MIN;
    }

    boolean isOver(Instant now) {
        return !now.isBefore(until);
    }

    Instant until() {
        return until;
    }
}
