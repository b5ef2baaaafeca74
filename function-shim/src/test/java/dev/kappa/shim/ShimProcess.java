package dev.kappa.shim;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.kappa.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A function pod as a process: entrypoint, shim and handler, talking to a {@link FakeGateway}. */
final class ShimProcess implements AutoCloseable {
    /** Writing an AOT cache, which a JVM does at its end, takes 20 s on a busy machine. */
    private static final long EXIT_LIMIT_S = 120;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final Path gathered;
    private final FakeGateway gateway;
    private String address = "";

    /** What came back. */
    record Reply(int status, String body, Map<String, String> headers) {
        Map<?, ?> json() {
            return ShimProcess.json(body.getBytes(StandardCharsets.UTF_8));
        }

        String log() {
            return new String(
                    Base64.getDecoder().decode(headers.getOrDefault("x-kappa-log-result", "")), StandardCharsets.UTF_8);
        }

        @Nullable
        String error() {
            return headers.get("x-kappa-function-error");
        }
    }

    ShimProcess(FakeGateway gateway, Path folder, String runtime, String handler, Map<String, String> more)
            throws IOException {
        this(gateway, folder, entrypoint(), runtime, handler, more);
    }

    ShimProcess(
            FakeGateway gateway,
            Path folder,
            List<String> command,
            String runtime,
            String handler,
            Map<String, String> more)
            throws IOException {
        this.gateway = gateway;
        log = folder.resolve("log");
        gathered = folder.resolve("state").resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> env = new LinkedHashMap<>(Map.of(
                "KAPPA_NAMESPACE", "default",
                "KAPPA_FUNCTION", "fn",
                "KAPPA_VERSION", "7",
                "KAPPA_REVISION", "r1",
                "KAPPA_POD", FakeGateway.POD,
                "KAPPA_POD_IP", "127.0.0.1",
                "KAPPA_RUNTIME", runtime,
                "KAPPA_HANDLER", handler,
                "KAPPA_VERSION_SECRET", FakeGateway.SECRET));
        env.put("KAPPA_RUNTIME_KIND", kind(runtime));
        env.put("KAPPA_CODE_SHA256", gateway.sha256());
        env.put("KAPPA_GATEWAY_URL", gateway.url());
        env.put("KAPPA_TIMEOUT_MS", "20000");
        env.put("KAPPA_PORT", "0");
        env.put("KAPPA_STATE_DIR", folder.resolve("state").toString());
        env.put("LAMBDA_TASK_ROOT", folder.resolve("task").toString());
        env.put(
                "LAMBDA_RUNTIME_DIR",
                Path.of("runtimes", runtime).toAbsolutePath().toString());
        env.putAll(more);
        builder.environment().putAll(env);
        process = builder.start();
    }

    /** What the image of the runtime tells; in the image itself there is no recipe. */
    private static String kind(String runtime) throws IOException {
        Path recipe = Path.of("runtimes", runtime, "recipe");
        if (!Files.exists(recipe)) {
            return System.getenv("KAPPA_RUNTIME_KIND");
        }
        try (Reader text = Files.newBufferedReader(recipe)) {
            Properties properties = new Properties();
            properties.load(text);
            return properties.getProperty("kind");
        }
    }

    /** Waits for the next hello and talks to its address from now on. */
    Map<?, ?> awaitHello() throws InterruptedException {
        Map<?, ?> hello = gateway.hello();
        address = "http://" + hello.get("address");
        return hello;
    }

    Reply invoke(String payload) throws IOException, InterruptedException {
        return reply(
                client.send(invocation(UUID.randomUUID().toString(), payload), HttpResponse.BodyHandlers.ofString()));
    }

    /** With this JSON as the caller's client context. */
    Reply invokeFor(String clientContext, String payload) throws IOException, InterruptedException {
        String id = UUID.randomUUID().toString();
        return reply(client.send(invocation(id, clientContext, payload), HttpResponse.BodyHandlers.ofString()));
    }

    CompletableFuture<Reply> invokeLater(String requestId, String payload) {
        return client.sendAsync(invocation(requestId, payload), HttpResponse.BodyHandlers.ofString())
                .thenApply(ShimProcess::reply);
    }

    Reply get(String path) throws IOException, InterruptedException {
        return get(path, FakeGateway.token());
    }

    Reply get(String path, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .header(Wire.TOKEN, token)
                .build();
        return reply(client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    /** As a handler asks for credentials; the host may be another of this machine's addresses. */
    Reply role(String host, String authorization) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + host + ":" + URI.create(address).getPort() + Wire.ROLE);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", authorization)
                .build();
        return reply(client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    Reply invokeWithout(String header) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + Wire.INVOKE));
        Map.of(Wire.TOKEN, FakeGateway.token(), Wire.REQUEST_ID, "id").forEach((name, value) -> {
            if (!name.equals(header)) {
                request.header(name, value);
            }
        });
        return reply(client.send(
                request.POST(HttpRequest.BodyPublishers.ofString("{}")).build(), HttpResponse.BodyHandlers.ofString()));
    }

    /** Sends bytes as they are and answers the head of what comes back. */
    String raw(byte[] request) throws IOException {
        URI uri = URI.create(address);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write(request);
            byte[] head = new byte[4096];
            int length = socket.getInputStream().read(head);
            return new String(head, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        }
    }

    /** Where it listens, after its hello. */
    String address() {
        return address;
    }

    /** All that the entrypoint started. */
    Stream<ProcessHandle> processes() {
        return process.descendants();
    }

    /** Sends SIGTERM to the entrypoint. */
    void terminate() {
        process.destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(EXIT_LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + EXIT_LIMIT_S + " s");
        }
        return process.exitValue();
    }

    /** What the container's log has, once the lines that were gathered are written. */
    String log() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(EXIT_LIMIT_S);
        while (gathers() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        return Files.readString(log);
    }

    private boolean gathers() throws IOException {
        if (!Files.exists(gathered)) {
            return false;
        }
        try (DataInputStream in = new DataInputStream(Files.newInputStream(gathered))) {
            return in.readInt() != 0;
        } catch (EOFException e) {
            return false;
        }
    }

    static Map<?, ?> json(byte[] body) {
        return JacksonFactory.getInstance().getSerializer(Map.class).fromJson(new ByteArrayInputStream(body));
    }

    static long number(Map<?, ?> json, String name) {
        return json.get(name) instanceof Number number ? number.longValue() : -1;
    }

    private HttpRequest invocation(String requestId, String payload) {
        return invocation(requestId, "{\"custom\":{\"a\":\"b\"}}", payload);
    }

    private HttpRequest invocation(String requestId, String clientContext, String payload) {
        return HttpRequest.newBuilder(URI.create(address + Wire.INVOKE))
                .timeout(Duration.ofSeconds(30))
                .header(Wire.TOKEN, FakeGateway.token())
                .header(Wire.REQUEST_ID, requestId)
                .header(Wire.INVOKED_ARN, "arn:aws:lambda:us-east-1:000000000000:function:fn:live")
                .header(
                        Wire.CLIENT_CONTEXT,
                        Base64.getEncoder().encodeToString(clientContext.getBytes(StandardCharsets.UTF_8)))
                .header(Wire.LOG_TYPE, "Tail")
                .POST(HttpRequest.BodyPublishers.ofString(payload))
                .build();
    }

    private static Reply reply(HttpResponse<String> response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        return new Reply(response.statusCode(), response.body(), headers);
    }

    static List<String> entrypoint(String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh", // the image's own is not here
                "runtimes/entrypoint",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", classPath(), "dev.kappa.shim.Main"));
        return command;
    }

    /** What the image has: not the test classes, which come as a package. */
    private static String classPath() {
        return String.join(
                ":",
                Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .toList());
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
