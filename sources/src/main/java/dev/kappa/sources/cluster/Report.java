package dev.kappa.sources.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * What is to be told of a source.
 *
 * @param kind of the source, as people call it
 * @param enabled whether it is to work
 * @param ready whether it does
 * @param reason a word in camel case
 * @param message for people
 * @param progress how far it is
 */
public record Report(String kind, boolean enabled, boolean ready, String reason, String message, Progress progress) {
    /**
     * How far a source is.
     *
     * @param eventAt when the function was given its last event
     * @param lastTick of a schedule that has its event
     * @param nextTick of a schedule
     * @param result what became of the last event
     * @param lag records that are not done yet
     */
    public record Progress(
            Optional<Instant> eventAt,
            Optional<Instant> lastTick,
            Optional<Instant> nextTick,
            Optional<String> result,
            Optional<Long> lag) {
        /**
         * Of a source that does not tell its lag.
         *
         * @param eventAt when the function was given its last event
         * @param lastTick of a schedule that has its event
         * @param nextTick of a schedule
         * @param result what became of the last event
         */
        public Progress(
                Optional<Instant> eventAt,
                Optional<Instant> lastTick,
                Optional<Instant> nextTick,
                Optional<String> result) {
            this(eventAt, lastTick, nextTick, result, Optional.empty());
        }

        /** Nothing happened yet. */
        public static final Progress NONE =
                new Progress(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
