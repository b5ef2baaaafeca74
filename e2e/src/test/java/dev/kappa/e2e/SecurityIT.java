package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** What a handler gets that says hello and farewell in the place of a shim, with the token that it finds in its pod. */
class SecurityIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT = 9998;

    /** Each call goes to any of the gateways: to the owner of the function, or to one that passes it on. */
    private static final int TRIES = 6;

    private static final String GATEWAY = "http://kappa-gateway-hello.kappa-system.svc.cluster.local.:8081";

    private static final String FORGER = """
            import json, os, socket, time, urllib.error, urllib.request
            POD = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"].split("]")[1]
            def handler(event, context):
                if event.get("do") == "nap":
                    time.sleep(0.5)
                if "path" not in event:
                    return POD
                call = {"namespace": "default", "function": context.function_name, "version": context.function_version,
                        "revision": event["revision"], "pod": POD,
                        "address": socket.gethostbyname(socket.gethostname()) + ":8080", "capacity": 1,
                        "processStartedAtMs": 1, "initStartedAtMs": 1, "initializedAtMs": 1, "reason": "forged",
                        **event["call"]}
                request = urllib.request.Request(event["gateway"] + event["path"], json.dumps(call).encode(),
                        {"Content-Type": "application/json", "X-Kappa-Token": event["token"],
                         "X-Kappa-Platform": event.get("platform", "")})
                try:
                    return urllib.request.urlopen(request, timeout=10).status
                except urllib.error.HTTPError as e:
                    return e.code
            """;

    /** Counts who connects to it. */
    private static final String VICTIM = """
            import socket, threading
            seen, server = [], socket.create_server(("", PORT))
            def listen():
                while True:
                    connection, address = server.accept()
                    seen.append(address[0])
                    connection.close()
            threading.Thread(target=listen, daemon=True).start()
            """.replace("PORT", String.valueOf(PORT))
            + FORGER.replace("def handler(event, context):\n", """
            def handler(event, context):
                if event.get("do") == "seen":
                    socket.create_connection(("127.0.0.1", PORT)).close()
                    while "127.0.0.1" not in seen:
                        time.sleep(0.01)
                    return seen
            """.replace("PORT", String.valueOf(PORT)));

    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        lambda = Functions.lambda();
        Functions.python("forger", "timeoutSeconds: 20\n  scaling: {min: 1, max: 1}", FORGER);
        Functions.python("forged", "timeoutSeconds: 20\n  scaling: {min: 1, max: 1}", VICTIM);
        Functions.waitUntilReady("Function", "forger");
        Functions.waitUntilReady("Function", "forged");
    }

    @AfterAll
    static void tidyUp() {
        lambda.close();
        Functions.delete("Function", "forger");
        Functions.delete("Function", "forged");
    }

    /** Every case leaves what every case begins with. */
    @BeforeEach
    void bothAnswer() throws Exception {
        assertThat(answer("forger", "{}").asText()).startsWith("fn-forger-");
        assertThat(answer("forged", "{}").asText()).startsWith("fn-forged-");
        // They answer before the kubelet tells that they run.
        for (String function : List.of("forger", "forged")) {
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> Functions.runningPod(function));
        }
    }

    private static JsonNode answer(String function, String payload) throws IOException {
        InvokeResponse answer = Functions.invoke(lambda, function, payload);
        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        return JSON.readTree(answer.payload().asUtf8String());
    }

    private static String pod(String function) throws IOException {
        return answer(function, "{}").asText();
    }

    private static String ip(String function) {
        return Functions.runningPod(function).getStatus().getPodIP();
    }

    private static byte[] key() {
        return Base64.getDecoder()
                .decode(Cluster.shared()
                        .client()
                        .secrets()
                        .inNamespace(Installation.NAMESPACE)
                        .withName("kappa-instance-key")
                        .get()
                        .getData()
                        .get("key"));
    }

    /** What a handler would have to read from the memory of its instance's shim, which it cannot. */
    private static String secret(String function) {
        return InstanceToken.secret(key(), "default", function, "$LATEST");
    }

    private static String token(String function, String pod) {
        return InstanceToken.of(secret(function), pod, System.currentTimeMillis() / 1000);
    }

    /** The statuses that a forged call gets, with the token that the forger could make or another. */
    private static List<Integer> forge(String path, Map<String, String> call, String token) throws IOException {
        return forge(
                GATEWAY, path, call, token == null ? token("forger", call.getOrDefault("pod", pod("forger"))) : token);
    }

    private static List<Integer> forge(String address, String path, Map<String, String> call, String token)
            throws IOException {
        Map<String, Object> event = Map.of(
                "path", path,
                "call", call,
                "gateway", address,
                "revision",
                        Functions.runningPod("forger").getMetadata().getLabels().get("kappa.dev/revision"),
                "token", token);
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            statuses.add(answer("forger", JSON.writeValueAsString(event)).asInt());
        }
        return statuses;
    }

    private static void assertRefused(Map<String, String> call, String token) throws IOException {
        for (String path : List.of("/internal/v1/hello", "/internal/v1/farewell")) {
            assertThat(forge(path, call, token)).as("%s of %s", path, call).containsOnly(403);
        }
    }

    /** More at once than the one instance takes: a second one that was made up would get some. */
    private static void everyEventIsRunBy(String pod, String function) throws Exception {
        List<Future<JsonNode>> answers = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                answers.add(callers.submit(() -> answer(function, "{\"do\": \"nap\"}")));
            }
        }
        for (Future<JsonNode> answer : answers) {
            assertThat(answer.get().asText()).isEqualTo(pod);
        }
    }

    @Test
    void aHelloFromAnotherAddressSendsNoEventThere() throws Exception {
        String forger = pod("forger");
        String elsewhere = ip("forged") + ":" + PORT;

        forge("/internal/v1/hello", Map.of("address", elsewhere), null);
        forge("/internal/v1/hello", Map.of("address", elsewhere, "pod", "fn-forger-made-up"), null);
        forge("/internal/v1/hello", Map.of("address", "no address", "pod", "fn-forger-made-up-too"), null);

        everyEventIsRunBy(forger, "forger");
        assertThat(answer("forged", "{\"do\": \"seen\"}"))
                .as("who connected where the hello said")
                .allSatisfy(it -> assertThat(it.asText()).isEqualTo("127.0.0.1"));
    }

    @Test
    void aHelloOfAnotherVersionOrAnotherFunctionIsRefused() throws Exception {
        String victim = pod("forged");

        assertRefused(Map.of("version", "7"), null);
        assertRefused(Map.of("function", "forged"), null);
        assertRefused(Map.of("function", "forged", "pod", victim), null);
        assertRefused(Map.of("namespace", "kube-system"), null);

        everyEventIsRunBy(victim, "forged");
    }

    @Test
    void aHelloOfAPodOfAnotherFunctionIsRefused() throws Exception {
        String victim = pod("forged");

        assertRefused(Map.of("pod", victim), null);

        everyEventIsRunBy(victim, "forged");
    }

    @Test
    void aTokenOfAnotherFunctionProvesNothing() throws Exception {
        String token = token("forged", pod("forger"));
        String victim = pod("forged");

        assertRefused(Map.of(), token);
        assertRefused(Map.of(), "");
        assertRefused(Map.of("function", "forged"), token); // in the name of the forger's pod

        everyEventIsRunBy(victim, "forged");
    }

    @Test
    void anInstanceRunsNoEventOfWhoIsNoGateway() throws Exception {
        String victim = pod("forged");
        String shim = "http://" + ip("forged") + ":8080";
        String secret = secret("forged");
        long now = System.currentTimeMillis() / 1000;

        for (String token : List.of(
                "",
                secret,
                InstanceToken.ofHandler(secret),
                InstanceToken.ofKubelet(secret),
                InstanceToken.of(secret, "fn-forged-another", now),
                InstanceToken.of(secret, victim, now - 1_000),
                InstanceToken.of(secret("forger"), victim, now))) {
            assertThat(forge(shim, "/invoke", Map.of(), token)).containsOnly(403);
        }
        assertThat(forge(shim, "/invoke", Map.of(), InstanceToken.of(secret, victim, now)))
                .as("a gateway, but without a request id")
                .containsOnly(400);
    }

    /** As a pod could that got the address of a gateway that is gone, and what others show to it. */
    @Test
    void whatOneGatewayIsShownOpensNoOther() throws Exception {
        List<String> gateways = gateways();
        PlatformTokens another = PlatformTokens.of(new String(key(), StandardCharsets.UTF_8), "nobody", "", "");

        assertThat(gateways).hasSizeGreaterThan(1);
        for (String meant : gateways) {
            for (String called : gateways) {
                assertThat(nowhere(called, another.to(meant).token()))
                        .as("what is shown to %s, by %s", meant, called)
                        .isEqualTo(meant.equals(called) ? 404 : 403);
            }
        }
        String first = gateways.getFirst();
        assertThat(nowhere(first, InstanceToken.ofPlatform(key())))
                .as("the token of release 0.1.0")
                .isEqualTo(403);
        assertThat(nowhere(first, another.to(PlatformTokens.API).token())).isEqualTo(403);
        assertThat(nowhere(first, another.to(PlatformTokens.GATEWAYS).token())).isEqualTo(404);
    }

    private static List<String> gateways() {
        return Cluster.shared()
                .client()
                .pods()
                .inNamespace(Installation.NAMESPACE)
                .withLabel("app.kubernetes.io/component", "gateway")
                .list()
                .getItems()
                .stream()
                .map(it -> it.getStatus().getPodIP())
                .toList();
    }

    /** The status of an event for nobody: 404 where the caller is taken for a gateway. */
    private static int nowhere(String gateway, String shown) throws IOException {
        Map<String, Object> event = Map.of(
                "path",
                "/internal/v1/invocations/nowhere",
                "call",
                Map.of(),
                "gateway",
                "http://" + gateway + ":" + Wire.GATEWAY_INTERNAL_PORT,
                "revision",
                "r",
                "token",
                shown,
                "platform",
                shown);
        return answer("forger", JSON.writeValueAsString(event)).asInt();
    }
}
