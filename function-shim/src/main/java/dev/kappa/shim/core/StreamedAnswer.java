package dev.kappa.shim.core;

import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The answer of an event whose caller takes it as the handler writes it: each piece leaves at once. */
public final class StreamedAnswer {
    /** Most bytes of one answer, as Lambda has it. */
    public static final long MOST = 200L << 20;

    /** Whoever ends the answer waits for one piece at most, which a slow caller takes in some time. */
    private static final int PIECE = 16 << 10;

    private static final long PATIENCE_MS = 5_000;

    private final Exchange exchange;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean over;
    private volatile boolean tooLong;
    private boolean begun;
    private long written;

    StreamedAnswer(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Writes on; waits while the caller takes nothing.
     *
     * @param type content type, of which the first counts
     * @throws IOException if nobody takes it any more
     */
    public void write(String type, byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += PIECE) {
            lock.lock();
            try {
                writePiece(type, bytes, offset + at, Math.min(PIECE, length - at));
            } finally {
                lock.unlock();
            }
        }
    }

    private void writePiece(String type, byte[] bytes, int offset, int length) throws IOException {
        if (over || tooLong) {
            throw new IOException(
                    tooLong ? "the answer is longer than " + MOST + " bytes" : "the event of this answer has ended");
        }
        written += length;
        if (written > MOST) {
            tooLong = true;
            throw new IOException("the answer is longer than " + MOST + " bytes");
        }
        if (!begun) {
            begun = true;
            exchange.begin(Reply.of(200).with("Content-Type", type).with(Wire.STREAMED, "1"));
        }
        exchange.write(bytes, offset, length);
    }

    /** Whether the handler wrote more than {@link #MOST}. */
    public boolean isTooLong() {
        return tooLong;
    }

    /**
     * Takes nothing more.
     *
     * @return whether something was written, so that the answer's end is {@link Reply#end}
     */
    boolean close() {
        over = true;
        boolean held = false;
        try {
            held = lock.tryLock(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!held) {
            exchange.cut(); // the caller takes nothing, and its event is over
            return true;
        }
        try {
            return begun;
        } finally {
            lock.unlock();
        }
    }
}
