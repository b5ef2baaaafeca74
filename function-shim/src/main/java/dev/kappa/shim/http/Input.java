package dev.kappa.shim.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** What arrives on a connection. One read takes as much as there is, so it may hold the body and further requests. */
final class Input {
    private static final int USUAL = 8_192;

    private final InputStream in;
    private byte[] buffer = new byte[USUAL];
    private int from;
    private int to;
    private int scanned;

    Input(InputStream in) {
        this.in = in;
    }

    boolean isEmpty() {
        return from == to;
    }

    /**
     * Waits for more behind what is there.
     *
     * @param most longest that may be there before it is used
     * @return false at the end of the connection
     */
    boolean more(int most) throws IOException {
        if (from == to) {
            from = 0;
            to = 0;
            scanned = 0;
            buffer = buffer.length > USUAL ? new byte[USUAL] : buffer;
        } else if (to == buffer.length) {
            makeRoom(most);
        }
        int n = in.read(buffer, to, buffer.length - to);
        to += Math.max(0, n);
        return n > 0;
    }

    private void makeRoom(int most) throws BadRequest {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            scanned -= from;
            from = 0;
        } else if (buffer.length < most) {
            buffer = Arrays.copyOf(buffer, Math.min(most, buffer.length * 2));
        } else {
            throw new BadRequest(431, "more than " + most + " bytes of headers");
        }
    }

    /** Whether lines up to an empty one are there; to be asked again after {@link #more}. */
    boolean hasHead() throws BadRequest {
        for (int at = Math.max(scanned, from); at < to; at++) {
            if (buffer[at] == '\n') {
                if (at == from || buffer[at - 1] != '\r') {
                    throw new BadRequest(400, "a line that ends with LF alone");
                }
                if (at - 1 == from || buffer[at - 2] == '\n') {
                    scanned = at + 1;
                    return true;
                }
            } else if (at > from && buffer[at - 1] == '\r') {
                throw new BadRequest(400, "a CR without LF");
            }
        }
        scanned = to;
        return false;
    }

    /** The head that {@link #hasHead} found. */
    Head head(Limits limits) throws BadRequest {
        int start = from;
        from = scanned;
        if (from - start > limits.headBytes()) {
            throw new BadRequest(431, "more than " + limits.headBytes() + " bytes of headers");
        }
        return Head.parse(buffer, start, from, limits.headers());
    }

    /** The trailers that {@link #hasHead} found, which may be none. */
    Headers trailers(Limits limits) throws BadRequest {
        int start = from;
        from = scanned;
        String text = new String(buffer, start, from - start, java.nio.charset.StandardCharsets.ISO_8859_1);
        return Headers.parse(text, 0, text.length() - 2, limits.headers());
    }

    /** Reads at least one byte, what is there first. */
    int read(byte[] into, int offset, int length) throws IOException {
        int n = Math.min(length, to - from);
        if (n > 0) {
            System.arraycopy(buffer, from, into, offset, n);
            from += n;
            return n;
        }
        n = in.read(into, offset, length);
        if (n <= 0) {
            throw new EOFException("the body ended early");
        }
        return n;
    }

    int read() throws IOException {
        if (from == to && !more(USUAL)) {
            throw new EOFException("the body ended early");
        }
        return buffer[from++];
    }

    /** Gives up to so many bytes of what is there. */
    int skip(long most) {
        int n = (int) Math.min(most, to - from);
        from += n;
        return n;
    }
}
