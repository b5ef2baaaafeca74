package dev.kappa.sources.batch;

import java.time.Duration;
import java.time.Instant;

/**
 * A tumbling window that is open.
 *
 * @param start inclusive
 * @param end exclusive
 * @param state what the last run answered, JSON
 */
public record WindowState(Instant start, Instant end, String state) {
    /** Of a window that had no run. */
    public static final String NO_STATE = "{}";

    static WindowState of(Instant arrivedAt, Duration length) {
        long millis = length.toMillis();
        Instant start = Instant.ofEpochMilli(Math.floorDiv(arrivedAt.toEpochMilli(), millis) * millis);
        return new WindowState(start, start.plus(length), NO_STATE);
    }

    WindowState with(String next) {
        return new WindowState(start, end, next);
    }
}
