package dev.kappa.shim;

import dev.kappa.wire.Hello;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Phones home: tells the gateway that the handler is initialised, until it hears. */
final class HelloCall {
    private final Settings settings;
    private final long processStartedAtMs;
    private final Logs logs;
    private final BooleanSupplier leaving;

    /**
     * @param processStartedAtMs when the container's first process, or the replacement of it, started
     * @param leaving whether the pod goes away, so that nobody needs to hear of it
     */
    HelloCall(Settings settings, long processStartedAtMs, Logs logs, BooleanSupplier leaving) {
        this.settings = settings;
        this.processStartedAtMs = processStartedAtMs;
        this.logs = logs;
        this.leaving = leaving;
    }

    void send(int port, long startedMs, long endedMs, @Nullable InitError error) throws InterruptedException {
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
        byte[] body = json(hello);
        int tries = 0;
        for (long pause = 50; !leaving.getAsBoolean(); pause = Math.min(1_000, pause * 2)) {
            String failure = post(body);
            if (failure == null) {
                return;
            }
            if (tries++ % 30 == 4) {
                logs.line("kappa: the gateway " + settings.gateway() + " does not take the hello: " + failure
                        + "; trying on");
            }
            Thread.sleep(pause);
        }
    }

    private @Nullable String post(byte[] body) {
        try {
            HttpURLConnection call = (HttpURLConnection)
                    URI.create(settings.gateway() + Wire.HELLO).toURL().openConnection();
            call.setConnectTimeout(1_000);
            call.setReadTimeout(2_000);
            call.setRequestMethod("POST");
            call.setDoOutput(true);
            call.setFixedLengthStreamingMode(body.length);
            call.setRequestProperty("Content-Type", "application/json");
            call.setRequestProperty(Wire.TOKEN, settings.token());
            try (OutputStream out = call.getOutputStream()) {
                out.write(body);
            }
            int status = call.getResponseCode();
            call.disconnect();
            return status == 200 ? null : "status " + status;
        } catch (IOException e) {
            return e.toString();
        }
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
