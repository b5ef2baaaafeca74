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
import java.util.function.ToDoubleFunction;

/** Counts what events ask for and how they end. */
public final class Meters implements DispatchListener {
    private record Series(VersionKey version, String result) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Series, Timer> invocations = new ConcurrentHashMap<>();
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

    @Override
    public void ended(VersionKey version, Answer answer, long tookMs) {
        invocations
                .computeIfAbsent(new Series(version, result(answer)), this::timer)
                .record(Duration.ofMillis(tookMs));
        if (answer instanceof Answer.Executed executed && executed.coldStart() != null) {
            executed.coldStart()
                    .phases()
                    .forEach((phase, ms) ->
                            phases.computeIfAbsent(phase, this::phase).record(Duration.ofMillis(ms)));
        }
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
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(15))
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
