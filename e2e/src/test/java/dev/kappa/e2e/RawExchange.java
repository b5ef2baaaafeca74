package dev.kappa.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bytes that a client writes, and all that is answered until the connection ends. */
final class RawExchange {
    /** More than any answer here takes on a busy machine. */
    private static final int PATIENCE_MS = 90_000;

    private RawExchange() {}

    /**
     * What came back.
     *
     * @param statuses of the answers, in their order
     * @param hangs whether the connection was neither answered nor ended in time
     * @param broken whether the last answer is not complete
     */
    record Answers(List<Integer> statuses, boolean hangs, boolean broken) {}

    /** Writes everything and then ends its side. */
    static Answers exchange(URI endpoint, byte[] request) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        boolean hangs = false;
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            try {
                socket.getOutputStream().write(request);
            } catch (IOException e) {
                // Refused before it was all written: what was answered can still be read.
            }
            InputStream in = socket.getInputStream();
            in.transferTo(all);
        } catch (SocketTimeoutException e) {
            hangs = true;
        } catch (IOException e) {
            // Reset, since there was more to read than was read.
        }
        return read(all.toByteArray(), hangs);
    }

    private static Answers read(byte[] all, boolean hangs) {
        List<Integer> statuses = new ArrayList<>();
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf("\r\n\r\n", at);
            if (end < 0 || !text.startsWith("HTTP/1.", at)) {
                return new Answers(statuses, hangs, true);
            }
            String head = text.substring(at, end + 2).toLowerCase(Locale.ROOT);
            int status = Integer.parseInt(head.substring(9, 12));
            at = end + 4;
            if (status >= 200) {
                statuses.add(status);
                at = skipBody(text, at, head, status);
                if (at < 0) {
                    return new Answers(statuses, hangs, true);
                }
            }
        }
        return new Answers(statuses, hangs, false);
    }

    /** Where the next answer begins, −1 if this one is not complete. */
    private static int skipBody(String text, int from, String head, int status) {
        if (status == 204 || status == 304) {
            return from;
        }
        int length = head.indexOf("\r\ncontent-length:");
        if (length >= 0) {
            int end = head.indexOf("\r\n", length + 2);
            int until = from + Integer.parseInt(head.substring(length + 17, end).strip());
            return until <= text.length() ? until : -1;
        }
        if (!head.contains("\r\ntransfer-encoding: chunked")) {
            return text.length();
        }
        int at = from;
        while (true) {
            int end = text.indexOf("\r\n", at);
            if (end < 0) {
                return -1;
            }
            int size = Integer.parseInt(text.substring(at, end).strip(), 16);
            at = end + 2 + size + 2;
            if (at > text.length()) {
                return -1;
            }
            if (size == 0) {
                return at;
            }
        }
    }
}
