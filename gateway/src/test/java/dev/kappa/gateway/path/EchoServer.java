package dev.kappa.gateway.path;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The cheapest instance that there can be: answers every request with its body, one read and one write each. */
public final class EchoServer {
    private static final byte[] HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Kappa-Duration-Us: 10\r\nContent-Length: "
                    .getBytes(StandardCharsets.US_ASCII);

    private EchoServer() {}

    /**
     * Prints its port and serves until it is ended.
     *
     * @param args none
     */
    public static void main(String[] args) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 256, InetAddress.ofLiteral("127.0.0.1"))) {
            System.out.println("ports " + server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            MessageReader reader = new MessageReader(in);
            byte[] answer = new byte[64 * 1024];
            System.arraycopy(HEAD, 0, answer, 0, HEAD.length);
            while (reader.next()) {
                byte[] rest = (reader.bodyLength() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(rest, 0, answer, HEAD.length, rest.length);
                int head = HEAD.length + rest.length;
                reader.copyBody(answer, head);
                out.write(answer, 0, head + reader.bodyLength());
            }
        } catch (IOException e) {
            // The caller left.
        }
    }
}
