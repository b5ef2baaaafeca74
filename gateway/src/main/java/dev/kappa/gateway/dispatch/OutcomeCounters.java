package dev.kappa.gateway.dispatch;

import dev.kappa.wire.DemandReport.Outcomes;
import dev.kappa.wire.DurationBuckets;
import java.util.Map;
import java.util.TreeMap;

/** How the events of one version ended; guarded by the function's dispatcher. */
final class OutcomeCounters {
    private final Map<Integer, Long> durations = new TreeMap<>();
    private long events;
    private long errors;
    private long throttled;

    void executed(long micros, boolean failed) {
        ended(failed);
        durations.merge(DurationBuckets.of(micros), 1L, Long::sum);
    }

    void ended(boolean failed) {
        events++;
        if (failed) {
            errors++;
        }
    }

    void throttled() {
        throttled++;
    }

    Outcomes read() {
        return new Outcomes(events, errors, throttled, Map.copyOf(durations));
    }
}
