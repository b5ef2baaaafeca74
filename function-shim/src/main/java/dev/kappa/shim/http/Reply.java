package dev.kappa.shim.http;

import java.nio.charset.StandardCharsets;

/** An answer to one request. */
public final class Reply {
    private static final byte[] NOTHING = {};

    private final StringBuilder head = new StringBuilder(256);
    private byte[] body = NOTHING;
    private boolean last;
    private boolean mayWait;
    private boolean inChunks;

    private Reply() {}

    private Reply(int status) {
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
    }

    public static Reply of(int status) {
        return new Reply(status);
    }

    /** The end of an answer that {@link Exchange#begin} began, with what is to be added as its trailers. */
    public static Reply end() {
        Reply reply = new Reply();
        reply.inChunks = true;
        reply.head.append("0\r\n");
        return reply;
    }

    public static Reply text(int status, String text) {
        return of(status).body("text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public static Reply json(int status, byte[] body) {
        return of(status).body("application/json", body);
    }

    /** Adds a header; what no header's value may contain becomes a question mark. */
    public Reply with(String name, String value) {
        head.append(name).append(": ");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            head.append(c >= ' ' && c <= '~' ? c : '?');
        }
        head.append("\r\n");
        return this;
    }

    public Reply body(String type, byte[] bytes) {
        body = bytes;
        return with("Content-Type", type);
    }

    /** The connection ends with this answer. */
    public Reply last() {
        last = true;
        return this;
    }

    /** Nobody waits for this answer who sent another request behind its own: it may leave with the answer to that. */
    public Reply withTheNext() {
        mayWait = true;
        return this;
    }

    boolean mayWait() {
        return mayWait;
    }

    boolean isLast() {
        return last;
    }

    byte[] body() {
        return body;
    }

    /** Status line and headers; to be asked for once. */
    byte[] head() {
        if (inChunks) {
            return bytes("");
        }
        if (last) {
            head.append("Connection: close\r\n");
        }
        return bytes("Content-Length: " + body.length + "\r\n");
    }

    /** The same for a body that comes in chunks. */
    byte[] headInChunks() {
        return bytes(last ? "Transfer-Encoding: chunked\r\nConnection: close\r\n" : "Transfer-Encoding: chunked\r\n");
    }

    private byte[] bytes(String lastLines) {
        head.append(lastLines).append("\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Content Too Large";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Status";
        };
    }
}
