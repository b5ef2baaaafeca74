package dev.kappa.gateway.metrics;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.DispatchListener;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.VersionDemand;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Counts what events ask for and how they end. */
public final class Meters implements DispatchListener {
    /** A dozen and a half time series each, where the registry's own choice has seventy. */
    private static final Duration[] BUCKETS = Stream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private record Series(VersionKey version, String result) {}

    private static final class Invocations {
        final Timer timer;
        volatile long lastMs;

        Invocations(Timer timer, long nowMs) {
            this.timer = timer;
            this.lastMs = nowMs;
        }
    }

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LongSupplier nowMs;
    private final Map<Series, Invocations> invocations = new ConcurrentHashMap<>();
    private final Map<String, Timer> phases = new ConcurrentHashMap<>();
    private final MultiGauge queued = MultiGauge.builder("kappa.gateway.queued")
            .description("Events that wait for an instance")
            .register(registry);
    private final MultiGauge inFlight = MultiGauge.builder("kappa.gateway.in.flight")
            .description("Events that instances run")
            .register(registry);
    private final MultiGauge instances = MultiGauge.builder("kappa.gateway.instances")
            .description("Instances of the current revision")
            .register(registry);

    /**
     * Counts nothing yet.
     *
     * @param nowMs the time, in milliseconds since whenever
     */
    public Meters(LongSupplier nowMs) {
        this.nowMs = nowMs;
    }

    @Override
    public void ended(VersionKey version, Answer answer, long tookMs) {
        long now = nowMs.getAsLong();
        Invocations counted =
                invocations.computeIfAbsent(new Series(version, result(answer)), it -> new Invocations(timer(it), now));
        counted.timer.record(Duration.ofMillis(tookMs));
        counted.lastMs = now;
        if (answer instanceof Answer.Executed executed && executed.coldStart() != null) {
            executed.coldStart()
                    .phases()
                    .forEach((phase, ms) ->
                            phases.computeIfAbsent(phase, this::phase).record(Duration.ofMillis(ms)));
        }
    }

    /**
     * Forgets versions that had no event for long, also those that were deleted: a version that takes none costs nothing.
     *
     * @param idleMs after how long
     */
    public void forget(long idleMs) {
        long until = nowMs.getAsLong() - idleMs;
        invocations.entrySet().removeIf(entry -> {
            boolean isOld = entry.getValue().lastMs <= until;
            if (isOld) {
                registry.remove(entry.getValue().timer);
            }
            return isOld;
        });
    }

    /**
     * Where others add theirs.
     *
     * @return the registry that is scraped
     */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * All meters.
     *
     * @param dispatcher whose gauges are read now
     * @return Prometheus text
     */
    public String scrape(Dispatcher dispatcher) {
        List<VersionDemand> demand = dispatcher.demand(version -> true);
        gauge(queued, demand, VersionDemand::queued);
        gauge(inFlight, demand, VersionDemand::inFlight);
        gauge(instances, demand, version -> version.instances().size());
        return text();
    }

    String text() {
        return registry.scrape();
    }

    private static void gauge(MultiGauge gauge, List<VersionDemand> demand, ToDoubleFunction<VersionDemand> value) {
        gauge.register(
                demand.stream()
                        .<MultiGauge.Row<?>>map(version -> MultiGauge.Row.of(
                                tags(version.namespace(), version.function(), version.version()),
                                value.applyAsDouble(version)))
                        .toList(),
                true);
    }

    private Timer timer(Series series) {
        VersionKey version = series.version();
        return Timer.builder("kappa.gateway.invocation")
                .description("From the arrival of an event to its answer")
                .tags(tags(version.namespace(), version.function(), version.version()))
                .tag("result", series.result())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Timer phase(String phase) {
        return Timer.builder("kappa.gateway.cold.start")
                .description("From the arrival of an event that waited for a start to a moment of that start")
                .tag("phase", phase)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(10))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .register(registry);
    }

    private static Tags tags(String namespace, String function, String version) {
        return Tags.of("namespace", namespace, "function", function, "version", version);
    }

    private static String result(Answer answer) {
        return switch (answer) {
            case Answer.Executed executed -> executed.functionError() == null ? "ok" : "function_error";
            case Answer.Throttled throttled -> "throttled";
            case Answer.Failed failed -> "failed";
            case Answer.Moved moved -> "moved";
        };
    }
}
