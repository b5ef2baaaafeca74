package dev.kappa.shim.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection on which bytes are sent as they are written. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    void sendByteByByte(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            send(text.substring(i, i + 1));
        }
    }

    /** Nothing more will come. */
    RawClient finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads one answer with a body by its Content-Length. */
    String answer() throws IOException {
        String head = until("\r\n\r\n");
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + text(socket.getInputStream().readNBytes(length));
    }

    /** Reads up to the first blank line. */
    String head() throws IOException {
        return until("\r\n\r\n");
    }

    private String until(String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!text(read.toByteArray()).endsWith(end)) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("closed after: " + text(read.toByteArray()));
            }
            read.write(b);
        }
        return text(read.toByteArray());
    }

    /** Reads to the end of the connection. */
    String rest() throws IOException {
        return text(socket.getInputStream().readAllBytes());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
