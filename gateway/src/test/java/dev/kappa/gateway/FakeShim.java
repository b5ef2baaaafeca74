package dev.kappa.gateway;

import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.wire.Hello;
import dev.kappa.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A shim on loopback whose answers a test chooses; counts what it got. */
public final class FakeShim {
    /** How it treats one event. */
    public interface Behaviour {
        /**
         * Answers.
         *
         * @param request the event's request, read
         * @param payload its body
         */
        void run(HttpServerRequest request, Buffer payload);
    }

    public final String pod;
    public final List<String> ran = new CopyOnWriteArrayList<>();
    public final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
    public volatile Behaviour behaviour =
            (request, payload) -> request.response().end(payload);
    public volatile Handler<HttpServerRequest> fate =
            request -> request.response().setStatusCode(404).end();
    public volatile String phase = "ready";
    /** How often it was asked for its state; nobody asks again before the answer came. */
    public final AtomicInteger asked = new AtomicInteger();

    private final HttpServer server;

    public FakeShim(Vertx vertx, String pod) throws Exception {
        this.pod = pod;
        this.server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    private void handle(HttpServerRequest request) {
        switch (request.path()) {
            case Wire.INVOKE ->
                request.body().onSuccess(body -> {
                    ran.add(request.getHeader(Wire.REQUEST_ID));
                    behaviour.run(request, body);
                });
            case Wire.FATE -> fate.handle(request);
            case Wire.STATE -> {
                asked.incrementAndGet();
                request.response()
                        .end(new JsonObject()
                                .put("revision", "r1")
                                .put("phase", phase)
                                .put("capacity", 1)
                                .put("inFlight", 0)
                                .encode());
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    public InstanceAddress address() {
        return new InstanceAddress("127.0.0.1", server.actualPort(), pod);
    }

    public void hold() {
        behaviour = (request, payload) -> held.add(request);
    }

    public void refuse(String reason) {
        behaviour = (request, payload) -> request.response()
                .setStatusCode(503)
                .putHeader(Wire.REFUSED, reason)
                .end();
    }

    public void breakConnections() {
        behaviour = (request, payload) -> request.connection().close();
    }

    public void stop() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    public Hello hello(String function, int capacity) {
        long now = System.currentTimeMillis();
        return new Hello(
                "default",
                function,
                "$LATEST",
                "r1",
                pod,
                "127.0.0.1:" + server.actualPort(),
                capacity,
                now - 50,
                now - 20,
                now,
                null,
                null);
    }
}
