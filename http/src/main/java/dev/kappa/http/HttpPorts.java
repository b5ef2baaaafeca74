package dev.kappa.http;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Opens the ports of a process. */
public final class HttpPorts {
    /** The longest event with its start and its wait; a silent connection is closed after that. */
    private static final int IDLE_SECONDS = 1100;

    /** How long the head of a request may take, and the next kilobyte of its body. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Event loops of a process: one a core that it may use, as its container's limit says. */
    public static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors());

    private HttpPorts() {}

    /**
     * What runs the ports and clients of a process.
     *
     * @return with one event loop a core, since more of them only take the cores from each other
     */
    public static Vertx vertx() {
        return Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(LOOPS));
    }

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
        HttpServerOptions options = options().setPort(port).setHost("0.0.0.0");
        return vertx.deployVerticle(
                () -> (Deployable) context ->
                        server(vertx, options).requestHandler(handler).listen(),
                new DeploymentOptions().setInstances(loops));
    }

    /**
     * A server that reads requests as every port does.
     *
     * @param vertx runs it
     * @param options see {@link #options}
     * @return without a handler
     */
    public static HttpServer server(Vertx vertx, HttpServerOptions options) {
        return server(vertx, options, PATIENCE);
    }

    static HttpServer server(Vertx vertx, HttpServerOptions options, Duration patience) {
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> StrictDecoder.guard(connection, options, patience));
    }

    /**
     * How every port reads requests.
     *
     * @return options without address and port
     */
    public static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setHandle100ContinueAutomatically(true)
                // Nobody here speaks it, and it would be a second way in.
                .setHttp2ClearTextEnabled(false)
                // Nobody speaks WebSocket here; its handlers would look at every message.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout(IDLE_SECONDS);
    }
}
