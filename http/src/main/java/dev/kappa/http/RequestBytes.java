package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of a request to a fixed peer as bytes; what is the same for each of its requests is written once. */
public final class RequestBytes {
    private static final byte[] LENGTH = "Content-Length: ".getBytes(StandardCharsets.ISO_8859_1);
    private static final int TYPICAL = 512;

    private byte[] bytes;
    private int length;

    private RequestBytes(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    /**
     * Begins a POST.
     *
     * @param host name or address of the peer
     * @param port of the peer
     * @param target path and query, encoded
     * @return with the request's line and its Host
     */
    public static RequestBytes post(String host, int port, String target) {
        RequestBytes head = new RequestBytes(new byte[TYPICAL], 0);
        head.text("POST ");
        head.text(target);
        head.text(" HTTP/1.1");
        head.line();
        return head.header("Host: ", (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port);
    }

    /**
     * A copy, to which more can be added.
     *
     * @return with all that was added so far
     */
    public RequestBytes copy() {
        return new RequestBytes(Arrays.copyOf(bytes, Math.max(TYPICAL, length + 256)), length);
    }

    /**
     * Adds a header.
     *
     * @param name followed by a colon and a space
     * @param value its value
     * @return this
     * @throws IllegalArgumentException if the value cannot be one of a header
     */
    public RequestBytes header(String name, String value) {
        text(name);
        text(value);
        line();
        return this;
    }

    /** Ends the head for a body. */
    Buffer end(int bodyLength, int room) {
        room(LENGTH.length);
        System.arraycopy(LENGTH, 0, bytes, length, LENGTH.length);
        length += LENGTH.length;
        text(Integer.toString(bodyLength));
        line();
        line();
        return Buffer.buffer(length + room).appendBytes(bytes, 0, length);
    }

    private void text(String text) {
        int size = text.length();
        room(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c > 0xff || c == 0x7f || (c < ' ' && c != '\t')) {
                throw new IllegalArgumentException("U+%04X cannot be a part of a request's head".formatted((int) c));
            }
            bytes[length++] = (byte) c;
        }
    }

    private void line() {
        room(2);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + more));
        }
    }
}
