package dev.kappa.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client for the path of an event: small exchanges with fixed peers over kept connections, one write and one read
 * each, on the event loop of the caller. It knows no redirects, no encodings and no pipelining, and never sends twice.
 */
public final class ExchangeClient {
    private static final int CONNECT_MS = 1_000;
    /** Shorter than the limit of any part of the platform, so that it is the caller that closes an idle connection. */
    private static final long IDLE_MS = 15_000;

    private static final long LOOK_MS = 500;

    private final Vertx vertx;
    private final NetClient net;
    private final ThreadLocal<LoopConnections> ofLoop = ThreadLocal.withInitial(LoopConnections::new);

    /**
     * A client with its own connections.
     *
     * @param vertx runs it
     */
    public ExchangeClient(Vertx vertx) {
        this.vertx = vertx;
        this.net = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setTcpNoDelay(true)
                .setReconnectAttempts(0));
    }

    /**
     * Sends a request once.
     *
     * @param host name or address of the peer
     * @param port of the peer
     * @param head all but the length of the body; not to be used again
     * @param body may be empty
     * @param limitMs after how many milliseconds of silence the exchange counts as broken, give or take half a second
     * @return the answer, a {@link NotConnectedException} if nothing was sent, or a {@link BrokenExchangeException}
     */
    public Future<Reply> send(String host, int port, RequestBytes head, Buffer body, long limitMs) {
        return send(host, port, head, body, limitMs, null);
    }

    /**
     * Sends a request once, and takes its answer as it comes.
     *
     * @param host name or address of the peer
     * @param port of the peer
     * @param head all but the length of the body; not to be used again
     * @param body may be empty
     * @param limitMs as above; while the sink holds the peer up, it has a minute for each piece instead
     * @param sink gets the body of the answer if it comes in chunks; null to keep all
     * @return as above; of an answer that the sink got the head with the trailers
     */
    public Future<Reply> send(
            String host, int port, RequestBytes head, Buffer body, long limitMs, @Nullable BodySink sink) {
        Exchange exchange = new Exchange(head, body, limitMs, sink, Promise.promise());
        if (Context.isOnEventLoopThread()) {
            ofLoop.get().send(new Address(host, port), exchange);
        } else {
            vertx.getOrCreateContext().runOnContext(v -> ofLoop.get().send(new Address(host, port), exchange));
        }
        return exchange.answer().future();
    }

    /** A request and who waits for its answer. */
    record Exchange(
            RequestBytes head,
            Buffer body,
            long limitMs,
            @Nullable BodySink sink,
            Promise<Reply> answer) {}

    private record Address(String host, int port) {}

    /** The connections of one event loop; used on its thread only. */
    private final class LoopConnections {
        private final Map<Address, Deque<ExchangeConnection>> idle = new HashMap<>();
        private final Set<ExchangeConnection> all = new HashSet<>();

        LoopConnections() {
            vertx.setPeriodic(LOOK_MS, id -> look());
        }

        void send(Address address, Exchange exchange) {
            ExchangeConnection kept = kept(address);
            if (kept != null) {
                kept.send(exchange);
                return;
            }
            connect(address).onComplete(connected -> {
                if (connected.failed()) {
                    exchange.answer().fail(new NotConnectedException(words(connected.cause())));
                    return;
                }
                ExchangeConnection fresh = new ExchangeConnection(
                        connected.result(),
                        HomeLoop.here(vertx),
                        freed -> free(address, freed),
                        gone -> forget(address, gone));
                all.add(fresh);
                fresh.send(exchange);
            });
        }

        private Future<NetSocket> connect(Address address) {
            try {
                return net.connect(address.port(), address.host());
            } catch (IllegalArgumentException e) {
                return Future.failedFuture(e);
            }
        }

        /** The one that was used last, so that those age that nobody needs. */
        private @Nullable ExchangeConnection kept(Address address) {
            Deque<ExchangeConnection> connections = idle.get(address);
            return connections == null ? null : connections.pollFirst();
        }

        private void free(Address address, ExchangeConnection connection) {
            idle.computeIfAbsent(address, key -> new ArrayDeque<>()).addFirst(connection);
        }

        private void forget(Address address, ExchangeConnection connection) {
            all.remove(connection);
            Deque<ExchangeConnection> connections = idle.get(address);
            if (connections != null) {
                connections.remove(connection);
                if (connections.isEmpty()) {
                    idle.remove(address);
                }
            }
        }

        private void look() {
            long now = System.nanoTime();
            // A copy, since those that are closed are forgotten meanwhile.
            List.copyOf(all).forEach(connection -> connection.look(now, IDLE_MS));
        }
    }

    private static String words(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
