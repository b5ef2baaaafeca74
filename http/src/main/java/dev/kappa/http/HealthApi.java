package dev.kappa.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class HealthApi implements Handler<HttpServerRequest> {
    private final Supplier<List<String>> missing;
    private final Supplier<String> metrics;

    /**
     * The port's handler.
     *
     * @param missing what is still awaited before the process is Ready, in words
     * @param metrics all meters as Prometheus text
     */
    public HealthApi(Supplier<List<String>> missing, Supplier<String> metrics) {
        this.missing = missing;
        this.metrics = metrics;
    }

    @Override
    public void handle(HttpServerRequest request) {
        switch (String.valueOf(request.path())) {
            case "/healthz" -> request.response().end("ok\n");
            case "/readyz" -> {
                List<String> awaited = missing.get();
                request.response()
                        .setStatusCode(awaited.isEmpty() ? 200 : 503)
                        .end(awaited.isEmpty() ? "ok\n" : String.join("\n", awaited) + "\n");
            }
            case "/metrics" ->
                request.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(metrics.get());
            default -> request.response().setStatusCode(404).end();
        }
    }
}
