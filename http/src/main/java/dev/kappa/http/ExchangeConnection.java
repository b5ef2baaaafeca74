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

    private final NetSocket socket;
    private final Consumer<ExchangeConnection> free;
    private final Consumer<ExchangeConnection> gone;
    private @Nullable Promise<Reply> waiting;
    private ReplyReader reader = new ReplyReader();
    private long limitMs;
    private long sinceNanos;
    private boolean open = true;

    /**
     * @param free gets the connection after each exchange
     * @param gone gets it once it is closed
     */
    ExchangeConnection(NetSocket socket, Consumer<ExchangeConnection> free, Consumer<ExchangeConnection> gone) {
        this.socket = socket;
        this.free = free;
        this.gone = gone;
        socket.handler(this::received);
        socket.exceptionHandler(e -> {});
        socket.closeHandler(v -> end("Connection was closed"));
    }

    void send(RequestBytes head, Buffer body, long answerWithinMs, Promise<Reply> answer) {
        if (!open) {
            answer.fail(new NotConnectedException("Connection was closed"));
            return;
        }
        waiting = answer;
        limitMs = answerWithinMs;
        sinceNanos = System.nanoTime();
        try {
            write(head, body);
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
        if (waiting != null && ms > limitMs) {
            end("no answer came within " + limitMs + " ms");
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
            reader = new ReplyReader();
            free.accept(this);
        } else {
            end("the peer closes it");
        }
        asked.complete(reply);
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
