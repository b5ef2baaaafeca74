package dev.kappa.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A loop that is the Runtime API of a runtime's client, and nothing else; it runs in a pod of the runtime's image, without the rest of
 * this program. {@code PUT /} takes a package and starts the client, {@code POST /N} gives it the event N times, one after another, and
 * answers how long each took, in nanoseconds.
 */
public final class RuntimeLoop {
    private static final Path TASK = Path.of("/tmp/task");
    private static final byte[] ACCEPTED =
            "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket api = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final String handler;
    private Socket client = new Socket();
    private InputStream in = InputStream.nullInputStream();

    private RuntimeLoop(String handler) throws IOException {
        this.handler = handler;
    }

    /**
     * Serves whoever measures, over one connection after another.
     *
     * @param args the handler
     */
    public static void main(String[] args) throws IOException {
        RuntimeLoop loop = new RuntimeLoop(args[0]);
        try (ServerSocket server = new ServerSocket(8080)) {
            while (true) {
                try (Socket caller = server.accept()) {
                    loop.serve(caller);
                } catch (EOFException e) {
                    // the caller has all that it wants
                }
            }
        }
    }

    private void serve(Socket caller) throws IOException {
        caller.setTcpNoDelay(true);
        InputStream calls = new BufferedInputStream(caller.getInputStream());
        while (true) {
            String[] line = line(calls).split(" ", 3);
            byte[] body = body(calls);
            String answer = "";
            if (line[0].equals("PUT")) {
                start(body);
            } else {
                answer = run(Integer.parseInt(line[1].substring(1)), body);
            }
            caller.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer)
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void start(byte[] zip) throws IOException {
        try (ZipInputStream files = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                Path file = TASK.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(files, file);
                if (!file.toFile().setExecutable(true)) {
                    throw new IOException("cannot make " + file + " executable");
                }
            }
        }
        Path bootstrap = Path.of("/var/runtime/bootstrap");
        ProcessBuilder builder = new ProcessBuilder(
                        (Files.exists(bootstrap) ? bootstrap : TASK.resolve("bootstrap")).toString())
                .directory(TASK.toFile())
                .inheritIO();
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API",
                        "127.0.0.1:" + api.getLocalPort(),
                        "AWS_LAMBDA_FUNCTION_NAME",
                        "loop",
                        "AWS_LAMBDA_FUNCTION_VERSION",
                        "$LATEST",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        "512",
                        "AWS_LAMBDA_LOG_GROUP_NAME",
                        "/aws/lambda/loop",
                        "AWS_LAMBDA_LOG_STREAM_NAME",
                        "loop",
                        "LAMBDA_TASK_ROOT",
                        TASK.toString(),
                        "LAMBDA_RUNTIME_DIR",
                        "/var/runtime",
                        "_HANDLER",
                        handler));
        builder.start();
        awaitNext();
    }

    private String run(int events, byte[] event) throws IOException {
        StringBuilder took = new StringBuilder();
        for (int i = 0; i < events; i++) {
            byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: loop-"
                            + i
                            + "\r\nLambda-Runtime-Deadline-Ms: " + (System.currentTimeMillis() + 30_000)
                            + "\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:loop"
                            + "\r\nLambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793\r\nContent-Length: "
                            + event.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] all = new byte[head.length + event.length];
            System.arraycopy(head, 0, all, 0, head.length);
            System.arraycopy(event, 0, all, head.length, event.length);
            long start = System.nanoTime();
            client.getOutputStream().write(all);
            String line = line(in);
            byte[] answer = body(in);
            took.append(System.nanoTime() - start).append('\n');
            if (!line.contains("/response ") || answer.length == 0) {
                throw new IOException("the client said " + line + ": " + new String(answer, StandardCharsets.UTF_8));
            }
            client.getOutputStream().write(ACCEPTED);
            awaitNext();
        }
        return took.toString();
    }

    /** Until the client asks for an event, on the connection that it has, or on another one. */
    private void awaitNext() throws IOException {
        while (true) {
            try {
                String line = line(in);
                body(in);
                if (!line.contains("/invocation/next ")) {
                    throw new IOException("the client said " + line);
                }
                return;
            } catch (EOFException e) {
                client = api.accept();
                client.setTcpNoDelay(true);
                in = new BufferedInputStream(client.getInputStream());
            }
        }
    }

    private static byte[] body(InputStream in) throws IOException {
        int length = 0;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:");
        }
        if (!chunked) {
            return in.readNBytes(length);
        }
        byte[] first = {};
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            first = in.readNBytes(size);
            line(in);
        }
        line(in);
        return first;
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
}
