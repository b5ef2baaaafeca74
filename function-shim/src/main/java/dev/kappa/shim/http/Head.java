package dev.kappa.shim.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The request line and the headers of one request.
 *
 * @param query what follows the first question mark, as it came
 * @param length length of the body, {@link #CHUNKED} if it comes in chunks
 * @param last whether the connection ends with this request
 * @param awaitsContinue whether the peer sends the body once it is told to
 */
record Head(
        String method,
        String path,
        @Nullable String query,
        Headers headers,
        long length,
        boolean last,
        boolean awaitsContinue) {
    static final long CHUNKED = -1;

    private static final int MOST_DIGITS = 18;

    /** Stands for a request of which nothing could be read. */
    static final Head NONE = none();

    private static Head none() {
        try {
            return new Head("", "", null, Headers.parse("", 0, 0, 0), 0, true, false);
        } catch (BadRequest e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a head.
     *
     * @param bytes all of it, from the method to the empty line's end; every LF in it follows a CR
     * @param most more headers are refused
     */
    static Head parse(byte[] bytes, int from, int to, int most) throws BadRequest {
        String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        int lineEnd = text.indexOf('\r');
        String[] line = text.substring(0, lineEnd).split(" ", -1);
        if (line.length != 3 || !isToken(line[0]) || !isPath(line[1])) {
            throw new BadRequest(400, "the first line is none of a request");
        }
        boolean first = line[2].equals("HTTP/1.0");
        if (!first && !line[2].equals("HTTP/1.1")) {
            throw new BadRequest(line[2].startsWith("HTTP/") ? 505 : 400, "neither HTTP/1.1 nor HTTP/1.0");
        }
        Headers headers = Headers.parse(text, lineEnd + 2, text.length() - 2, most);
        String host = headers.only("Host");
        if (host == null && !first) {
            throw new BadRequest(400, "no header Host");
        }
        String expected = first ? null : headers.first("Expect");
        if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
            throw new BadRequest(417, "the only expectation known is 100-continue");
        }
        int mark = line[1].indexOf('?');
        return new Head(
                line[0],
                mark < 0 ? line[1] : line[1].substring(0, mark),
                mark < 0 ? null : line[1].substring(mark + 1),
                headers,
                length(headers, first),
                first || headers.lists("Connection", "close"),
                expected != null);
    }

    private static long length(Headers headers, boolean first) throws BadRequest {
        String length = headers.only("Content-Length");
        String coding = headers.only("Transfer-Encoding");
        if (coding != null) {
            if (length != null || first) {
                throw new BadRequest(400, "Transfer-Encoding beside Content-Length, or in HTTP/1.0");
            }
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new BadRequest(501, "the only Transfer-Encoding known is chunked");
            }
            return CHUNKED;
        }
        if (length == null) {
            return 0;
        }
        boolean digits = !length.isEmpty() && length.length() <= MOST_DIGITS;
        for (int i = 0; digits && i < length.length(); i++) {
            digits = length.charAt(i) >= '0' && length.charAt(i) <= '9';
        }
        if (!digits) {
            throw new BadRequest(400, "Content-Length is no number");
        }
        return Long.parseLong(length);
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Headers.isToken(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isPath(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return text.startsWith("/");
    }
}
