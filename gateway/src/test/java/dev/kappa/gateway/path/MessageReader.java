package dev.kappa.gateway.path;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads HTTP/1.1 messages that have a Content-Length, one after the other. */
final class MessageReader {
    private static final String LENGTH = "\r\ncontent-length:";

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int filled;
    private int bodyStart;
    private int bodyLength;
    private boolean closes;

    MessageReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one message.
     *
     * @return false if the peer closed the connection
     */
    boolean next() throws IOException {
        filled = 0;
        bodyStart = 0;
        while (bodyStart == 0 || filled < bodyStart + bodyLength) {
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                return false;
            }
            int from = Math.max(0, filled - 3);
            filled += read;
            if (bodyStart == 0) {
                findBody(from);
            }
        }
        return true;
    }

    /** The status of an answer. */
    int status() {
        return (buffer[9] - '0') * 100 + (buffer[10] - '0') * 10 + buffer[11] - '0';
    }

    /** Whether the peer asks for another connection. */
    boolean closes() {
        return closes;
    }

    int bodyLength() {
        return bodyLength;
    }

    void copyBody(byte[] to, int at) {
        System.arraycopy(buffer, bodyStart, to, at, bodyLength);
    }

    String text() {
        return new String(buffer, 0, filled, StandardCharsets.UTF_8);
    }

    private void findBody(int from) throws IOException {
        for (int i = from; i + 3 < filled; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                bodyStart = i + 4;
                bodyLength = contentLength(i + 2);
                return;
            }
        }
    }

    private int contentLength(int headEnd) throws IOException {
        String head = new String(buffer, 0, headEnd, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        closes = head.contains("\r\nconnection: close");
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("no Content-Length in: " + head);
        }
        return Integer.parseInt(
                head.substring(at + LENGTH.length(), head.indexOf('\r', at + 2)).trim());
    }
}
