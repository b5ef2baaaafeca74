package dev.kappa.shim;

import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.core.Tokens;
import dev.kappa.shim.log.Logs;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Tells the gateway, until it has heard: that the handler is initialised, or that the environment has come to its end. */
final class GatewayCalls {
    private static final long AGAIN_MS = 5_000;

    private final Settings settings;
    private final Tokens tokens;
    private final long processStartedAtMs;
    private final Logs logs;
    private final BooleanSupplier leaving;

    /**
     * @param processStartedAtMs when the container's first process, or the replacement of it, started
     * @param leaving whether the pod goes away, so that nobody needs to hear of it
     */
    GatewayCalls(Settings settings, Tokens tokens, long processStartedAtMs, Logs logs, BooleanSupplier leaving) {
        this.settings = settings;
        this.tokens = tokens;
        this.processStartedAtMs = processStartedAtMs;
        this.logs = logs;
        this.leaving = leaving;
    }

    void hello(int port, long startedMs, long endedMs, @Nullable InitError error) throws InterruptedException {
        String host = settings.podIp().contains(":") ? "[" + settings.podIp() + "]" : settings.podIp();
        Hello hello = new Hello(
                settings.namespace(),
                settings.function(),
                settings.version(),
                settings.revision(),
                settings.pod(),
                host + ":" + port,
                settings.capacity(),
                processStartedAtMs,
                startedMs,
                endedMs,
                error == null ? null : error.type(),
                error == null ? null : error.message());
        untilTaken(Wire.HELLO, json(hello), leaving);
    }

    /** Asks for the pod's replacement, again and again until it goes, since whoever heard may have died meanwhile. */
    void farewell(String reason) throws InterruptedException {
        Farewell farewell =
                new Farewell(settings.namespace(), settings.function(), settings.version(), settings.pod(), reason);
        while (true) {
            untilTaken(Wire.FAREWELL, json(farewell), () -> false);
            Thread.sleep(AGAIN_MS);
        }
    }

    private void untilTaken(String path, byte[] body, BooleanSupplier needless) throws InterruptedException {
        int tries = 0;
        for (long pause = 50; !needless.getAsBoolean(); pause = Math.min(1_000, pause * 2)) {
            String failure = post(path, body);
            if (failure == null) {
                return;
            }
            if (tries++ % 30 == 4) {
                logs.line("kappa: the gateway " + settings.gateway() + " does not take the call " + path + ": "
                        + failure + "; trying on");
            }
            Thread.sleep(pause);
        }
    }

    private @Nullable String post(String path, byte[] body) {
        try {
            int status = post(URI.create(settings.gateway() + path), tokens.own(), body);
            return status == 200 ? null : "status " + status;
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Posts once and answers the status. */
    static int post(URI uri, String token, byte[] body) throws IOException {
        HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
        call.setConnectTimeout(1_000);
        call.setReadTimeout(2_000);
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(body.length);
        call.setRequestProperty("Content-Type", "application/json");
        call.setRequestProperty(Wire.TOKEN, token);
        try (OutputStream out = call.getOutputStream()) {
            out.write(body);
        }
        int status = call.getResponseCode();
        call.disconnect();
        return status;
    }

    private static byte[] json(Farewell farewell) {
        return new Json()
                .put("namespace", farewell.namespace())
                .put("function", farewell.function())
                .put("version", farewell.version())
                .put("pod", farewell.pod())
                .put("reason", farewell.reason())
                .bytes();
    }

    private static byte[] json(Hello hello) {
        return new Json()
                .put("namespace", hello.namespace())
                .put("function", hello.function())
                .put("version", hello.version())
                .put("revision", hello.revision())
                .put("pod", hello.pod())
                .put("address", hello.address())
                .put("capacity", hello.capacity())
                .put("processStartedAtMs", hello.processStartedAtMs())
                .put("initStartedAtMs", hello.initStartedAtMs())
                .put("initializedAtMs", hello.initializedAtMs())
                .put("initErrorType", hello.initErrorType())
                .put("initErrorMessage", hello.initErrorMessage())
                .bytes();
    }
}
