package dev.kappa.bench.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kappa.bench.Connection;
import dev.kappa.wire.Hello;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.ShimState;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** The shims of all pretended pods, at one address: says hello for each and answers its events at once. */
final class FakeShim {
    private static final int TRIES = 50;
    private static final long PAUSE_MS = 100;
    private static final int BACKLOG = 4096;
    private static final byte[] ANSWER = "{\"hello\":\"Ada\"}".getBytes(StandardCharsets.UTF_8);

    private final String address;
    private final ObjectMapper json = new ObjectMapper();
    private final Set<String> greeted = ConcurrentHashMap.newKeySet();
    private final Set<String> payloads = ConcurrentHashMap.newKeySet();

    /**
     * @param address the IP address of this pod, which is that of all pretended ones
     */
    FakeShim(String address) {
        this.address = address;
    }

    void start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Wire.SHIM_PORT), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(Wire.INVOKE, this::invoke);
        server.createContext(
                Wire.STATE, exchange -> answer(exchange, json.writeValueAsBytes(new ShimState("", "draining", 1, 0))));
        server.start();
    }

    /** Functions of which an instance said hello. */
    int greeted() {
        return greeted.size();
    }

    /** Different payloads that came since the last call of {@link #forget}. */
    int payloads() {
        return payloads.size();
    }

    void forget() {
        payloads.clear();
    }

    private void invoke(HttpExchange exchange) throws IOException {
        payloads.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set(Wire.DURATION_US, "10");
        answer(exchange, ANSWER);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    void hello(Pod pod, long startedAtMs) throws IOException, InterruptedException {
        Variables env = variables(pod);
        long now = System.currentTimeMillis();
        Hello hello = new Hello(
                env.get("KAPPA_NAMESPACE"),
                env.get("KAPPA_FUNCTION"),
                env.get("KAPPA_VERSION"),
                env.get("KAPPA_REVISION"),
                pod.getMetadata().getName(),
                address + ":" + Wire.SHIM_PORT,
                Integer.parseInt(env.get("KAPPA_PER_INSTANCE")),
                startedAtMs,
                startedAtMs,
                now,
                null,
                null);
        tell(env, Wire.HELLO, hello.pod(), json.writeValueAsBytes(hello));
        greeted.add(env.get("KAPPA_FUNCTION"));
    }

    private static void tell(Variables env, String path, String pod, byte[] body)
            throws IOException, InterruptedException {
        URI gateway = URI.create(env.get("KAPPA_GATEWAY_URL"));
        IOException failed = new IOException("not tried");
        for (int tries = 0; tries < TRIES; tries++) {
            try (Connection connection = new Connection(gateway.getHost(), gateway.getPort())) {
                String token =
                        InstanceToken.of(env.get("KAPPA_VERSION_SECRET"), pod, System.currentTimeMillis() / 1000);
                Map<String, String> headers = Map.of(Wire.TOKEN, token, "Content-Type", "application/json");
                Connection.Answer answer = connection.send(connection.request("POST", path, headers, body));
                if (answer.status() == 200) {
                    return;
                }
                failed = new IOException(path + " is answered with " + answer.status() + " " + answer.body());
            } catch (IOException e) {
                failed = e;
            }
            Thread.sleep(PAUSE_MS);
        }
        throw failed;
    }

    /** What the operator tells a shim. */
    private record Variables(Map<String, String> all) {
        String get(String name) {
            return Objects.requireNonNull(all.get(name), name);
        }
    }

    private static Variables variables(Pod pod) {
        return new Variables(pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(it -> it.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue)));
    }
}
