package dev.kappa.sources.ticks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts ticks; series do not grow with the number of sources. */
public final class TickMeters {
    private final Timer accepted;
    private final Counter missed;
    private final Counter refused;

    /**
     * Registers them.
     *
     * @param registry where
     */
    public TickMeters(MeterRegistry registry) {
        accepted = Timer.builder("kappa.sources.tick")
                .description("From a tick to the acceptance of its event")
                .register(registry);
        missed = Counter.builder("kappa.sources.ticks.missed")
                .description("Ticks that have no event, since none was sent in time")
                .register(registry);
        refused = Counter.builder("kappa.sources.ticks.refused")
                .description("Events of ticks that were not accepted, and are sent again")
                .register(registry);
    }

    void accepted(Duration late) {
        accepted.record(late);
    }

    void missed(int ticks) {
        missed.increment(ticks);
    }

    void refused() {
        refused.increment();
    }
}
