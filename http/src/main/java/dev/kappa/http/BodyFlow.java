package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/** Passes a body on, and stops reading while more than a little of it waits to be taken; lives on one event loop. */
final class BodyFlow implements Consumer<Buffer> {
    /** What may wait: enough to keep both sides busy. */
    private static final int MOST = 256 * 1024;

    private final BodySink sink;
    private final HomeLoop home;
    private final NetSocket socket;
    private int waiting;
    private boolean paused;
    private boolean ended;

    BodyFlow(BodySink sink, HomeLoop home, NetSocket socket) {
        this.sink = sink;
        this.home = home;
        this.socket = socket;
    }

    boolean begin(Reply head) {
        return sink.begin(head);
    }

    @Override
    public void accept(Buffer piece) {
        int length = piece.length();
        waiting += length;
        sink.piece(piece, () -> home.run(() -> taken(length)));
        if (waiting > MOST && !paused && !ended) {
            paused = true;
            socket.pause();
        }
    }

    private void taken(int length) {
        waiting -= length;
        if (paused && waiting <= MOST / 2) {
            resume();
        }
    }

    boolean paused() {
        return paused;
    }

    /** The connection is closed: what was read before, and waits, is passed on now, and nothing more comes. */
    void end() {
        ended = true;
        resume();
    }

    void resume() {
        paused = false;
        socket.resume();
    }
}
