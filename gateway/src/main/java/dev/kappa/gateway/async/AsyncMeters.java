package dev.kappa.gateway.async;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts what becomes of asynchronous events. */
public final class AsyncMeters {
    private final MeterRegistry registry;

    /**
     * Meters of a registry.
     *
     * @param registry where they are
     */
    public AsyncMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void received(AsyncEvent event) {
        count("kappa.async.received", "Events that were accepted with 202", event, Tags.empty());
    }

    void refused(AsyncEvent event) {
        count(
                "kappa.async.refused",
                "Events that were refused because the queue did not keep them",
                event,
                Tags.empty());
    }

    void started(AsyncEvent event, long ageMs) {
        Timer.builder("kappa.async.age")
                .description("Age of events when a run of them begins")
                .tags(tags(event))
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofHours(6))
                .register(registry)
                .record(Duration.ofMillis(Math.max(0, ageMs)));
    }

    void again(AsyncEvent event, boolean counts) {
        count(
                "kappa.async.retries",
                "Runs that will be repeated",
                event,
                Tags.of("cause", counts ? "function_error" : "platform"));
    }

    void ended(AsyncEvent event, Condition condition) {
        count("kappa.async.ended", "Events that ended", event, Tags.of("condition", condition.words()));
    }

    void delivered(AsyncEvent event, Due.Kind kind) {
        count("kappa.async.delivered", "Records and dead letters that a target took", event, kind(kind));
    }

    void destinationFailed(AsyncEvent event, Due.Kind kind) {
        count("kappa.async.destination.errors", "Tries to reach a target that failed", event, kind(kind));
    }

    private static Tags kind(Due.Kind kind) {
        return Tags.of("kind", kind.name().toLowerCase(java.util.Locale.ROOT));
    }

    private void count(String name, String description, AsyncEvent event, Tags more) {
        Counter.builder(name)
                .description(description)
                .tags(tags(event).and(more))
                .register(registry)
                .increment();
    }

    private static Tags tags(AsyncEvent event) {
        return Tags.of(
                "namespace",
                event.version().namespace(),
                "function",
                event.version().function(),
                "version",
                event.version().version());
    }
}
