package dev.kappa.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One kept HTTP/1.1 connection that costs little, and another one where the server asks for that; understands answers with a
 * Content-Length.
 */
public final class Connection implements AutoCloseable {
    /**
     * An answer.
     *
     * @param status HTTP status
     * @param headers by lower-case name
     * @param body as text
     */
    public record Answer(int status, Map<String, String> headers, String body) {}

    private final String host;
    private final int port;
    private Socket socket;
    private InputStream in;
    private boolean last;

    public Connection(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.socket = open(host, port);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    private static Socket open(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), 10_000);
        socket.setSoTimeout(90_000);
        return socket;
    }

    /** The bytes of a request, made once for many. */
    public byte[] request(String method, String path, Map<String, String> headers, byte[] body) {
        StringBuilder head =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: ");
        head.append(body.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    public Answer send(byte[] request) throws IOException {
        if (last) {
            socket.close();
            socket = open(host, port);
            in = new BufferedInputStream(socket.getInputStream());
        }
        socket.getOutputStream().write(request);
        Answer answer = read(in);
        last = "close".equalsIgnoreCase(answer.headers().get("connection"));
        return answer;
    }

    static Answer read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", 3);
        if (first.length < 2) {
            throw new IOException("no status line");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body ended early");
        }
        return new Answer(Integer.parseInt(first[1]), headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
