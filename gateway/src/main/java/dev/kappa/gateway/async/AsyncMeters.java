package dev.kappa.gateway.async;

import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.TargetDelivery;
import dev.kappa.wire.DemandReport.AsyncQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Counts what becomes of asynchronous events. */
public final class AsyncMeters {
    private final MeterRegistry registry;
    private final MultiGauge backlog;
    private final MultiGauge deadLetters;

    /**
     * Meters of a registry.
     *
     * @param registry where they are
     */
    public AsyncMeters(MeterRegistry registry) {
        this.registry = registry;
        this.backlog = MultiGauge.builder("kappa.async.backlog")
                .description("Events that were accepted and have not ended, of the functions that this gateway owns")
                .register(registry);
        this.deadLetters = MultiGauge.builder("kappa.async.dead.letters")
                .description("Events that were given up and are kept, of the functions that this gateway owns")
                .register(registry);
    }

    void queues(List<AsyncQueue> states) {
        gauge(backlog, states, AsyncQueue::backlog);
        gauge(deadLetters, states, AsyncQueue::deadLetters);
    }

    private static void gauge(MultiGauge gauge, List<AsyncQueue> states, ToDoubleFunction<AsyncQueue> value) {
        gauge.register(
                states.stream()
                        .<MultiGauge.Row<?>>map(state -> MultiGauge.Row.of(
                                Tags.of("namespace", state.namespace(), "function", state.function()),
                                value.applyAsDouble(state)))
                        .toList(),
                true);
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

    void delivered(AsyncEvent event, TargetDelivery.Kind kind) {
        count("kappa.async.delivered", "Records and dead letters that a target took", event, kind(kind));
    }

    void destinationFailed(AsyncEvent event, TargetDelivery.Kind kind) {
        count("kappa.async.destination.errors", "Tries to reach a target that failed", event, kind(kind));
    }

    private static Tags kind(TargetDelivery.Kind kind) {
        return Tags.of("kind", kind.field());
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
