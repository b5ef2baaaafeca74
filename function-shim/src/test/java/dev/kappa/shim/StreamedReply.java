package dev.kappa.shim;

import dev.kappa.wire.Wire;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An answer that a shim streams, read chunk by chunk when the test wants it. */
final class StreamedReply implements AutoCloseable {
    private static final int LIMIT_MS = 60_000;

    private final Socket socket;
    private final InputStream in;

    /** Headers, and trailers once the end was read. */
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    StreamedReply(String address, String payload) throws IOException {
        URI uri = URI.create(address);
        socket = new Socket();
        socket.setReceiveBufferSize(64 << 10); // so that who does not read stops the writer early
        socket.setSoTimeout(LIMIT_MS);
        socket.connect(new java.net.InetSocketAddress(uri.getHost(), uri.getPort()));
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + Wire.INVOKE + " HTTP/1.1\r\nHost: shim\r\n" + Wire.TOKEN + ": " + FakeGateway.token()
                + "\r\n"
                + Wire.REQUEST_ID + ": " + UUID.randomUUID() + "\r\n" + Wire.RESPONSE_MODE + ": " + Wire.STREAMING
                + "\r\n" + Wire.LOG_TYPE + ": Tail\r\nContent-Length: " + body.length + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        in = new BufferedInputStream(socket.getInputStream());
        if (!line().startsWith("HTTP/1.1 200 ")) {
            throw new IOException("not answered by 200");
        }
        readHeaders();
    }

    private void readHeaders() throws IOException {
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
    }

    boolean isStreamed() {
        return headers.containsKey(Wire.STREAMED);
    }

    /** The next chunk; null at the end, after which the trailers are there. */
    byte @Nullable [] chunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        if (length == 0) {
            readHeaders();
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        line();
        return bytes;
    }

    String text() throws IOException {
        byte[] bytes = chunk();
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** All chunks that are left; of a plain answer its body. */
    String rest() throws IOException {
        if (!isStreamed()) {
            int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }
        StringBuilder all = new StringBuilder();
        for (byte[] bytes = chunk(); bytes != null; bytes = chunk()) {
            all.append(new String(bytes, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    /** Counts what is left without keeping it. */
    long count() throws IOException {
        long count = 0;
        for (byte[] bytes = chunk(); bytes != null; bytes = chunk()) {
            count += bytes.length;
        }
        return count;
    }

    /** What is told of the error in the trailers. */
    String errorBody() {
        return new String(
                Base64.getDecoder().decode(headers.getOrDefault(Wire.ERROR_BODY, "")), StandardCharsets.UTF_8);
    }

    String log() {
        return new String(
                Base64.getDecoder().decode(headers.getOrDefault(Wire.LOG_RESULT, "")), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
