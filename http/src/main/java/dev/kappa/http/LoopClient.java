package dev.kappa.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.function.Supplier;

/**
 * An HTTP/1.1 client with a pool for each event loop, so that a call and its answer stay on the thread of the caller: one pool
 * for all hands out connections of other loops, and each change of threads costs a wake-up.
 */
public final class LoopClient {
    private static final int CONNECT_MS = 1_000;
    private static final int MAX_HEADERS = 64 * 1024;
    private static final int CONNECTIONS = 4_096;
    /** Shorter than the limit of any part of the platform, so that it is the caller that closes an idle connection. */
    private static final int KEEP_ALIVE_SECONDS = 15;

    private final ThreadLocal<HttpClient> ofLoop;
    private final HttpClient others;

    /**
     * A client with its own connections.
     *
     * @param vertx runs it
     * @param options of the connections
     * @param poolSize connections to one server, for each event loop
     */
    public LoopClient(Vertx vertx, HttpClientOptions options, int poolSize) {
        Supplier<HttpClient> create =
                () -> vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(poolSize));
        this.ofLoop = ThreadLocal.withInitial(create);
        this.others = create.get();
    }

    /**
     * A client for the calls between the parts of the platform: one a process, whoever is called.
     *
     * @param vertx runs it
     * @return a client with its own connections
     */
    public static LoopClient ofPlatform(Vertx vertx) {
        return new LoopClient(
                vertx,
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(MAX_HEADERS)
                        .setConnectTimeout(CONNECT_MS),
                CONNECTIONS);
    }

    /**
     * Begins a request.
     *
     * @param options where to
     * @return the request once there is a connection
     */
    public Future<HttpClientRequest> request(RequestOptions options) {
        return (Context.isOnEventLoopThread() ? ofLoop.get() : others).request(options);
    }
}
