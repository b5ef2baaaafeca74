package dev.kappa.gateway.metrics;

import dev.kappa.gateway.dispatch.Dispatcher;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
public final class HealthApi implements Handler<HttpServerRequest> {
    private final Meters meters;
    private final Dispatcher dispatcher;
    private final Supplier<List<String>> missing;

    /**
     * The listener's handler.
     *
     * @param meters to scrape
     * @param dispatcher whose gauges are shown
     * @param missing what is still awaited before the gateway is Ready, in words
     */
    public HealthApi(Meters meters, Dispatcher dispatcher, Supplier<List<String>> missing) {
        this.meters = meters;
        this.dispatcher = dispatcher;
        this.missing = missing;
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
                        .end(meters.scrape(dispatcher));
            default -> request.response().setStatusCode(404).end();
        }
    }
}
