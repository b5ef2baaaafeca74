package dev.kappa.operator.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics} of the operator. */
public final class HealthServer {
    /** Where the chart's probes go. */
    public static final int PORT = 8080;

    private static final String TEXT = "text/plain; charset=utf-8";
    private final Listener listener;

    /**
     * Not started yet.
     *
     * @param port 0 for any
     * @param meters shown under /metrics
     * @param broken what only a new process mends, one sentence each
     * @param missing what is not ready yet, one sentence each
     * @throws IOException if the port is taken
     */
    public HealthServer(
            int port, PrometheusMeterRegistry meters, Supplier<List<String>> broken, Supplier<List<String>> missing)
            throws IOException {
        listener = new Listener(port)
                .serve(
                        "/healthz",
                        exchange -> Listener.answer(exchange, status(broken.get()), TEXT, text(broken.get())))
                .serve(
                        "/readyz",
                        exchange -> Listener.answer(exchange, status(missing.get()), TEXT, text(missing.get())))
                .serve(
                        "/metrics",
                        exchange -> Listener.answer(exchange, 200, "text/plain; version=0.0.4", meters.scrape()));
    }

    /** Starts to listen. */
    public void start() {
        listener.start();
    }

    private static int status(List<String> problems) {
        return problems.isEmpty() ? 200 : 503;
    }

    private static String text(List<String> problems) {
        return problems.isEmpty() ? "ok\n" : String.join("\n", problems) + "\n";
    }
}
