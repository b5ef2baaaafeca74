package dev.kappa.controlplane;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times the calls of the public port, and knows how many are in hand. */
final class CallMeters {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger inHand = new AtomicInteger();

    CallMeters() {
        Gauge.builder("kappa.api.in.hand", inHand, AtomicInteger::get)
                .description("Calls that are not answered yet")
                .register(registry);
    }

    /** Measures what a handler answers. */
    Handler<HttpServerRequest> around(Handler<HttpServerRequest> handler) {
        return request -> {
            Timer.Sample sample = Timer.start(registry);
            AtomicBoolean ended = new AtomicBoolean();
            inHand.incrementAndGet();
            // The first when all is written, the second also when the caller went away.
            request.response().endHandler(v -> end(request, sample, ended));
            request.response().closeHandler(v -> end(request, sample, ended));
            handler.handle(request);
        };
    }

    private void end(HttpServerRequest request, Timer.Sample sample, AtomicBoolean ended) {
        if (ended.compareAndSet(false, true)) {
            inHand.decrementAndGet();
            sample.stop(Timer.builder("kappa.api.call")
                    .description("From the arrival of a call to its answer")
                    .tag("method", request.method().name())
                    .tag("status", String.valueOf(request.response().getStatusCode()))
                    .publishPercentileHistogram()
                    .register(registry));
        }
    }

    int inHand() {
        return inHand.get();
    }

    /** All meters as Prometheus text. */
    String scrape() {
        return registry.scrape();
    }
}
