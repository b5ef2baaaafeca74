package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a body in chunks, byte by byte where there is no data. */
final class ChunkReader {
    private static final int MAX_LINE = 1024;
    private static final int MAX_TRAILERS = 64 * 1024;

    /** What is read next. */
    private enum State {
        SIZE,
        DATA,
        AFTER_DATA,
        TRAILER,
        ENDED
    }

    private final int maxBody;
    private final @Nullable Consumer<Buffer> pieces;
    private final List<String> trailers = new ArrayList<>();
    private final Buffer body = Buffer.buffer();
    private final StringBuilder line = new StringBuilder();
    private State state = State.SIZE;
    private int left;
    private int trailerChars;

    /**
     * @param maxBody bytes of a body that is kept
     * @param pieces gets the body as it comes; null if it is kept
     */
    ChunkReader(int maxBody, @Nullable Consumer<Buffer> pieces) {
        this.maxBody = maxBody;
        this.pieces = pieces;
    }

    /**
     * Takes what came.
     *
     * @return how many of its bytes belong to the body
     */
    int take(Buffer part) throws BrokenExchangeException {
        int at = 0;
        while (at < part.length() && state != State.ENDED) {
            if (state == State.DATA) {
                int now = Math.min(left, part.length() - at);
                data(part, at, now);
                at += now;
                left -= now;
                state = left == 0 ? State.AFTER_DATA : State.DATA;
            } else {
                octet((char) (part.getByte(at++) & 0xff));
            }
        }
        return at;
    }

    private void data(Buffer part, int at, int length) {
        if (pieces == null) {
            body.appendBuffer(part, at, length);
        } else {
            pieces.accept(part.slice(at, at + length));
        }
    }

    /** Names and values, in turns. */
    List<String> trailers() {
        return trailers;
    }

    boolean ended() {
        return state == State.ENDED;
    }

    Buffer body() {
        return body;
    }

    private void octet(char c) throws BrokenExchangeException {
        int length = line.length();
        boolean afterReturn = length > 0 && line.charAt(length - 1) == '\r';
        if (afterReturn != (c == '\n') || length > (state == State.TRAILER ? MAX_TRAILERS : MAX_LINE)) {
            throw new BrokenExchangeException("the answer has a malformed chunk");
        }
        if (!afterReturn) {
            line.append(c);
            return;
        }
        String text = line.substring(0, length - 1);
        line.setLength(0);
        switch (state) {
            case SIZE -> size(text);
            case AFTER_DATA -> {
                if (!text.isEmpty()) {
                    throw new BrokenExchangeException("the answer has a chunk longer than it says");
                }
                state = State.SIZE;
            }
            default -> trailer(text);
        }
    }

    private void size(String text) throws BrokenExchangeException {
        int semicolon = text.indexOf(';');
        String digits = semicolon < 0 ? text : text.substring(0, semicolon).strip();
        boolean hex = !digits.isEmpty()
                && digits.length() <= 8
                && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
        long size = hex ? Long.parseLong(digits, 16) : Long.MAX_VALUE;
        if (!hex || size > maxBody - body.length()) {
            throw new BrokenExchangeException(
                    hex ? "the answer is larger than " + maxBody + " bytes" : "the answer has a malformed chunk");
        }
        left = (int) size;
        state = left == 0 ? State.TRAILER : State.DATA;
    }

    private void trailer(String text) throws BrokenExchangeException {
        trailerChars += text.length();
        if (trailerChars > MAX_TRAILERS) {
            throw new BrokenExchangeException("the answer's trailers are too long");
        }
        if (!text.isEmpty()) {
            ReplyHead.header(text, 0, text.length(), trailers);
        }
        state = text.isEmpty() ? State.ENDED : State.TRAILER;
    }
}
