package dev.kappa.shim.extensions;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.telemetry.Telemetry;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the platform tells of initialisations and events, in the shapes of Lambda's Telemetry API. */
public final class PlatformEvents {
    private static final String ON_DEMAND = "on-demand";

    private final Settings settings;
    private final Telemetry telemetry;
    private long initMs = -1;

    public PlatformEvents(Settings settings, Telemetry telemetry) {
        this.settings = settings;
        this.telemetry = telemetry;
    }

    void initStart(String phase) {
        telemetry.platform(
                "platform.initStart",
                init(phase)
                        .put("functionName", settings.functionName())
                        .put("functionVersion", settings.version())
                        .put("instanceId", settings.logStream())
                        .put("instanceMaxMemory", (long) settings.memoryMb() << 20)
                        .put("runtimeVersion", settings.runtime()));
    }

    private static Json init(String phase) {
        return new Json().put("initializationType", ON_DEMAND).put("phase", phase);
    }

    void initRuntimeDone(long startedMs, String phase, @Nullable InitError error) {
        initMs = System.currentTimeMillis() - startedMs;
        telemetry.platform("platform.initRuntimeDone", withStatus(init(phase), error));
    }

    void initReport(long startedMs, String phase, @Nullable InitError error) {
        initMs = System.currentTimeMillis() - startedMs;
        telemetry.platform(
                "platform.initReport",
                withStatus(init(phase), error).put("metrics", new Json().putHundredths("durationMs", initMs, 1)));
    }

    private static Json withStatus(Json json, @Nullable InitError error) {
        if (error == null) {
            return json.put("status", "success");
        }
        boolean late = error.type().equals(Outcome.TIMED_OUT);
        return json.put("status", late ? "timeout" : "error").put("errorType", error.type());
    }

    /** Nobody subscribes any more. */
    void initialized() {
        telemetry.close();
    }

    void start(Event event) {
        if (telemetry.isActive()) {
            telemetry.platform("platform.start", about(event).put("version", settings.version()));
        }
    }

    private static Json about(Event event) {
        Json json = new Json().put("requestId", event.requestId());
        String tenant = event.tenantId();
        if (tenant != null) {
            json.put("tenantId", tenant);
        }
        String trace = event.traceId();
        if (trace != null) {
            json.put("tracing", new Json().put("type", "X-Amzn-Trace-Id").put("value", trace));
        }
        return json;
    }

    void ended(Event event, long startedMs, long durationUs, Outcome outcome, IntSupplier memoryMb) {
        if (!telemetry.isActive()) {
            return;
        }
        Json done = new Json().putHundredths("durationMs", durationUs, 1_000);
        if (outcome instanceof Outcome.Answer answer && event.stream() == null) {
            done.put("producedBytes", answer.body().length);
        }
        telemetry.platform(
                "platform.runtimeDone",
                withStatus(about(event), outcome)
                        .put("metrics", done)
                        .putAll(
                                "spans",
                                List.of(
                                        span("responseLatency", startedMs, durationUs),
                                        span("responseDuration", startedMs + durationUs / 1_000, 0))));
        telemetry.platform("platform.end", new Json().put("requestId", event.requestId()));
        Json report = new Json()
                .putHundredths("durationMs", durationUs, 1_000)
                .put("billedDurationMs", Math.ceilDiv(durationUs, 1_000))
                .put("memorySizeMB", settings.memoryMb())
                .put("maxMemoryUsedMB", memoryMb.getAsInt());
        if (initMs >= 0) {
            report.putHundredths("initDurationMs", initMs, 1);
            initMs = -1;
        }
        telemetry.platform("platform.report", withStatus(about(event), outcome).put("metrics", report));
    }

    private static Json span(String name, long startMs, long durationUs) {
        return new Json()
                .put("name", name)
                .put("start", Telemetry.time(startMs))
                .putHundredths("durationMs", durationUs, 1_000);
    }

    private static Json withStatus(Json json, Outcome outcome) {
        if (outcome instanceof Outcome.Failure failure) {
            return failure.isTimeout()
                    ? json.put("status", "timeout")
                    : json.put("status", "error").put("errorType", failure.type());
        }
        return json.put("status", "success");
    }
}
