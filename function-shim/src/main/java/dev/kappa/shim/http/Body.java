package dev.kappa.shim.http;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The body of one request, by its length or in chunks, which is read once. */
final class Body {
    private static final int BLOCK = 16_384;
    private static final int LONGEST_CHUNK_LINE = 256;
    private static final int MOST_CHUNK_DIGITS = 8;

    private final Input input;
    private final Limits limits;
    private final boolean chunked;
    private long left;
    private boolean begun;
    private boolean ended;
    private @Nullable Headers trailers;

    Body(Input input, Limits limits, long length) {
        this.input = input;
        this.limits = limits;
        this.chunked = length == Head.CHUNKED;
        this.left = chunked ? 0 : length;
        this.ended = length == 0;
    }

    boolean begun() {
        return begun;
    }

    boolean ended() {
        return ended;
    }

    /** Length if it is known, else {@link Head#CHUNKED}. */
    long length() {
        return chunked ? Head.CHUNKED : left;
    }

    @Nullable
    Headers trailers() {
        return trailers;
    }

    /** Reads what comes next, waiting for it if need be; −1 at the end. */
    int next(byte[] into) throws IOException {
        return atEnd() ? -1 : read(into, 0);
    }

    /** Reads all; null if it is longer than {@code most}, and then nothing of it is kept. */
    byte @Nullable [] all(int most) throws IOException {
        if (length() > most) {
            discard();
            return null;
        }
        byte[] bytes = new byte[chunked ? BLOCK : (int) left];
        int length = 0;
        while (!atEnd()) {
            if (length > most) {
                discard();
                return null;
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(most + 1L, length * 2L));
            }
            length += read(bytes, length);
        }
        if (length > most) {
            return null;
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void discard() throws IOException {
        byte[] block = new byte[BLOCK];
        while (!atEnd()) {
            read(block, 0);
        }
    }

    private int read(byte[] into, int offset) throws IOException {
        int n = input.read(into, offset, (int) Math.min(left, into.length - offset));
        left -= n;
        return n;
    }

    /** Whether nothing is left; begins the next chunk if there is one. */
    private boolean atEnd() throws IOException {
        if (ended || left > 0) {
            return ended;
        }
        if (chunked) {
            if (begun) {
                expectLineEnd();
            }
            begun = true;
            left = chunkSize();
            if (left == 0) {
                readTrailers();
            }
        }
        ended = left == 0;
        return ended;
    }

    private void expectLineEnd() throws IOException {
        if (input.read() != '\r' || input.read() != '\n') {
            throw new BadRequest(400, "a chunk that is longer than it says");
        }
    }

    /** Digits, perhaps extensions, which are ignored, and a line's end. */
    private long chunkSize() throws IOException {
        long size = 0;
        int digits = 0;
        int c = input.read();
        for (; Character.digit(c, 16) >= 0 && c < 128; c = input.read()) {
            size = size * 16 + Character.digit(c, 16);
            if (++digits > MOST_CHUNK_DIGITS) {
                throw new BadRequest(400, "a chunk that is too large");
            }
        }
        if (digits == 0 || (c != '\r' && c != ';' && c != ' ' && c != '\t')) {
            throw new BadRequest(400, "a chunk without a size");
        }
        for (int length = 0; c != '\r'; c = input.read()) {
            if (c == '\n' || ++length > LONGEST_CHUNK_LINE) {
                throw new BadRequest(400, "a chunk's first line that does not end");
            }
        }
        if (input.read() != '\n') {
            throw new BadRequest(400, "a CR without LF");
        }
        return size;
    }

    private void readTrailers() throws IOException {
        while (!input.hasHead()) {
            if (!input.more(limits.headBytes())) {
                throw new EOFException("the trailers ended early");
            }
        }
        trailers = input.trailers(limits);
    }

    /** Skips what is there already; false if more is to come. */
    boolean skipWhatIsThere() {
        if (!ended && !chunked) {
            left -= input.skip(left);
            ended = left == 0;
        }
        return ended;
    }
}
