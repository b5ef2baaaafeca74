package dev.kappa.operator.rollout;

import dev.kappa.operator.rollout.Observation.Judgement;
import dev.kappa.wire.DemandReport.Outcomes;
import dev.kappa.wire.DurationBuckets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A limit of what green's events may show.
 *
 * @param metric what is measured
 * @param above breached past this: percent, or milliseconds for a duration
 * @param window over which time
 * @param minimumEvents fewer tell nothing
 */
public record Alarm(Metric metric, double above, Duration window, int minimumEvents) {
    private static final double P99 = 0.99;

    /** What is measured. */
    public enum Metric {
        /** Share of events that ended with an error. */
        ERROR_RATE("errorRate", "%"),
        /** Time within which 99 of 100 handlers ended. */
        P99_DURATION("p99Duration", "ms"),
        /** Share of events that were refused with 429. */
        THROTTLES("throttles", "%");

        private final String text;
        private final String unit;

        Metric(String text, String unit) {
            this.text = text;
            this.unit = unit;
        }

        /**
         * The metric that a manifest names.
         *
         * @param text of the manifest
         * @throws IllegalArgumentException if there is no such metric
         */
        public static Metric of(String text) {
            for (Metric metric : values()) {
                if (metric.text.equals(text)) {
                    return metric;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is no metric of an alarm");
        }
    }

    /**
     * Judges events.
     *
     * @param outcomes how those within the window ended
     */
    public Judgement judge(Outcomes outcomes) {
        long events = outcomes.events() + (metric == Metric.THROTTLES ? outcomes.throttled() : 0);
        if (events < minimumEvents) {
            return new Judgement.Silent(
                    metric.text + " needs " + minimumEvents + " events within " + window.toSeconds() + " s");
        }
        double value = switch (metric) {
            case ERROR_RATE -> 100.0 * outcomes.errors() / events;
            case THROTTLES -> 100.0 * outcomes.throttled() / events;
            case P99_DURATION -> p99Ms(outcomes.durations());
        };
        return value > above
                ? new Judgement.Breached(String.format(
                        Locale.ROOT,
                        "%s is %.4g %s over %d events within %d s, above %.4g %s",
                        metric.text,
                        value,
                        metric.unit,
                        events,
                        window.toSeconds(),
                        above,
                        metric.unit))
                : new Judgement.Fine();
    }

    /** Lower end of the bucket: at least a hundredth of the events took longer. */
    private static double p99Ms(Map<Integer, Long> durations) {
        long all = durations.values().stream().mapToLong(Long::longValue).sum();
        long left = (long) Math.ceil(all * P99);
        for (Map.Entry<Integer, Long> bucket : new TreeMap<>(durations).entrySet()) {
            left -= bucket.getValue();
            if (left <= 0) {
                return DurationBuckets.fromMicros(bucket.getKey()) / 1000.0;
            }
        }
        return 0;
    }
}
