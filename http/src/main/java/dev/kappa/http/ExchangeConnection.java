package dev.kappa.http;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One kept connection to a peer, for one exchange at a time; lives on one event loop. */
final class ExchangeConnection {
    /** A body up to this size goes out with its head in one write; a larger one is not worth the copy. */
    private static final int ONE_WRITE = 32 * 1024;

    /** How long a peer that is held up waits for the next piece to be taken. */
    private static final long HELD_MS = 60_000;

    private final NetSocket socket;
    private final HomeLoop home;
    private final Consumer<ExchangeConnection> free;
    private final Consumer<ExchangeConnection> gone;
    private @Nullable Promise<Reply> waiting;
    private ReplyReader reader = new ReplyReader();
    private @Nullable BodyFlow flow;
    private long limitMs;
    private long sinceNanos;
    private boolean open = true;

    /**
     * @param free gets the connection after each exchange
     * @param gone gets it once it is closed
     */
    ExchangeConnection(
            NetSocket socket, HomeLoop home, Consumer<ExchangeConnection> free, Consumer<ExchangeConnection> gone) {
        this.socket = socket;
        this.home = home;
        this.free = free;
        this.gone = gone;
        socket.handler(this::received);
        socket.exceptionHandler(e -> {});
        socket.closeHandler(v -> closed());
    }

    void send(ExchangeClient.Exchange exchange) {
        if (!open) {
            exchange.answer().fail(new NotConnectedException("Connection was closed"));
            return;
        }
        waiting = exchange.answer();
        limitMs = exchange.limitMs();
        sinceNanos = System.nanoTime();
        BodySink sink = exchange.sink();
        if (sink != null) {
            flow = new BodyFlow(sink, home, socket);
            reader = new ReplyReader(flow);
        }
        try {
            write(exchange.head(), exchange.body());
        } catch (RuntimeException e) {
            end(String.valueOf(e));
        }
    }

    private void write(RequestBytes head, Buffer body) {
        if (body.length() <= ONE_WRITE) {
            socket.write(head.end(body.length(), body.length()).appendBuffer(body));
        } else {
            socket.write(head.end(body.length(), 0));
            socket.write(body);
        }
    }

    /** Ends an exchange that takes too long, and an idle connection after some time. */
    void look(long nowNanos, long idleMs) {
        long ms = (nowNanos - sinceNanos) / 1_000_000;
        boolean held = flow != null && flow.paused();
        if (waiting != null && ms > (held ? HELD_MS : limitMs)) {
            end(held ? "nobody took the answer for " + HELD_MS + " ms" : "no answer came within " + limitMs + " ms");
        } else if (waiting == null && ms > idleMs) {
            end("it was idle");
        }
    }

    private void received(Buffer part) {
        Promise<Reply> asked = waiting;
        if (asked == null) {
            // What nobody asked for would be taken for the answer to the next exchange.
            end("the peer sent what nobody asked for");
            return;
        }
        sinceNanos = System.nanoTime();
        try {
            Reply reply = reader.take(part);
            if (reply != null) {
                answered(asked, reply, reader.keepsConnection());
            }
        } catch (BrokenExchangeException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private void answered(Promise<Reply> asked, Reply reply, boolean keepsConnection) {
        waiting = null;
        if (keepsConnection) {
            if (flow != null && flow.paused()) {
                flow.resume();
            }
            flow = null;
            reader = new ReplyReader();
            free.accept(this);
        } else {
            end("the peer closes it");
        }
        asked.complete(reply);
    }

    /** What was read before the end, and waits, is still a part of the answer. */
    private void closed() {
        BodyFlow held = flow;
        if (waiting != null && held != null && held.paused()) {
            held.end();
            home.later(() -> end("Connection was closed"));
        } else {
            end("Connection was closed");
        }
    }

    /** Closes the connection; nobody gets it any more, and an exchange that is not over is broken. */
    private void end(String why) {
        if (open) {
            open = false;
            gone.accept(this);
            socket.close();
        }
        Promise<Reply> asked = waiting;
        waiting = null;
        if (asked != null) {
            asked.fail(new BrokenExchangeException(why));
        }
    }
}
