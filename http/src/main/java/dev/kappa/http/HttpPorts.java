package dev.kappa.http;

import dev.kappa.http.StrictDecoder.Patience;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;

/** Opens the ports of a process. */
public final class HttpPorts {
    /** The longest event with its start and its wait; a silent connection is closed after that. */
    private static final int IDLE_SECONDS = 1100;

    /** How long the head of a request may take, and the next kilobyte of its body. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long the next kilobyte of an answer may wait for its reader, if that is none of Kappa's own processes. */
    private static final Duration READER_PATIENCE = Duration.ofSeconds(60);

    private static final Patience OF_CALLERS = new Patience(PATIENCE, READER_PATIENCE);
    private static final Patience OF_PARTS = new Patience(PATIENCE, Duration.ofSeconds(IDLE_SECONDS));
    private static final long CERTIFICATE_PAUSE_MS = 10_000;

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
     * Listens for callers with one server on each of some event loops.
     *
     * @param vertx runs them
     * @param port what they reach
     * @param loops how many event loops
     * @param handler answers
     * @return fails if the port is taken, or the certificate no good
     */
    public static Future<?> listen(Vertx vertx, PublicPort port, int loops, Handler<HttpServerRequest> handler) {
        return vertx.deployVerticle(
                () -> (Deployable) context -> listen(vertx, port, "0.0.0.0", handler, CERTIFICATE_PAUSE_MS),
                new DeploymentOptions().setInstances(loops));
    }

    static Future<HttpServer> listen(
            Vertx vertx, PublicPort port, String host, Handler<HttpServerRequest> handler, long certificatePauseMs) {
        HttpServerOptions options = options().setPort(port.port()).setHost(host);
        TlsFiles tls = port.tls();
        PemKeyCertOptions certificate = null;
        if (tls != null) {
            certificate = CertificateReload.first(tls);
            options.setSsl(true).setKeyCertOptions(certificate);
        }
        HttpServer server = vertx.createHttpServer(options).connectionHandler(connection -> {
            if (port.connections().admits(connection)) {
                StrictDecoder.guard(connection, options, OF_CALLERS);
            } else {
                var _ = connection.close();
            }
        });
        if (tls != null && certificate != null) {
            new CertificateReload(vertx, server, tls, certificate).every(certificatePauseMs);
        }
        return server.requestHandler(handler).listen();
    }

    /**
     * A server that reads requests as every port does.
     *
     * @param vertx runs it
     * @param options see {@link #options}
     * @return without a handler
     */
    public static HttpServer server(Vertx vertx, HttpServerOptions options) {
        return server(vertx, options, OF_PARTS);
    }

    static HttpServer server(Vertx vertx, HttpServerOptions options, Patience patience) {
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
