package dev.kappa.http;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** Opens the ports of a process. */
public final class HttpPorts {
    /** The longest event with its start and its wait; a silent connection is closed after that. */
    private static final int IDLE_SECONDS = 1100;

    private HttpPorts() {}

    /**
     * Listens with one server on each of some event loops.
     *
     * @param vertx runs them
     * @param port of all addresses
     * @param loops how many event loops
     * @param handler answers
     * @return fails if the port is taken
     */
    public static Future<?> listen(Vertx vertx, int port, int loops, Handler<HttpServerRequest> handler) {
        HttpServerOptions options = new HttpServerOptions()
                .setPort(port)
                .setHost("0.0.0.0")
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(IDLE_SECONDS);
        return vertx.deployVerticle(
                () -> (Deployable) context ->
                        vertx.createHttpServer(options).requestHandler(handler).listen(),
                new DeploymentOptions().setInstances(loops));
    }
}
