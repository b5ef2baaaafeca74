package dev.kappa.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/** Every runtime does what docs/runtimes.md says of it; the code that it runs is in its folder, conformance/. */
class ConformanceIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TABLE = Path.of("../docs/runtimes.md");
    private static final int LARGE = 5_900_000;
    private static final int LINES = 5_000;

    private static final String STREAMS = "its answer is streamed";
    private static final int PAUSE_MS = 3_000;

    /** The functions whose handlers stream, by the functions of their runtimes. */
    private static final Map<String, String> STREAMING = new LinkedHashMap<>();

    /** Tells what it could write, and whose token it could read; the token of its own environment it has from kubectl. */
    private static final String ATTACK = """
            exec 2>/dev/null
            for file in /var/task /var/runtime /opt /usr/lib/kappa /usr/bin /etc /tmp; do
                (: >$file/attacked) && echo "wrote $file/attacked"
            done
            for process in /proc/[0-9]*; do
                command=$(tr '\\0' ' ' <$process/cmdline)
                case $command in /usr/lib/kappa/*) ;; *) continue ;; esac
                echo "of the shim: ${command%% *}"
                ! grep -qs KAPPA_VERSION_SECRET $process/environ || echo "read the token of $process"
                ! head -c 1 $process/mem 2>&1 | grep -q 'Input/output' || echo "opened the memory of $process"
            done
            true
            """;

    private static LambdaClient lambda;

    /** What one runtime is asked. */
    private interface Check {
        void of(String function) throws IOException, InterruptedException;
    }

    private static final Map<String, Check> CHECKS = checks();

    private static Map<String, Check> checks() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("any JSON, any letters", ConformanceIT::echoes);
        checks.put("the context of an event", ConformanceIT::tellsTheContext);
        checks.put("the caller's client context", ConformanceIT::tellsTheClientContext);
        checks.put("environment variables", ConformanceIT::hasTheEnvironment);
        checks.put("the trace id", ConformanceIT::hasTheTrace);
        checks.put("state and /tmp stay between events", ConformanceIT::keepsItsState);
        checks.put("6 MB both ways", ConformanceIT::takesLargeEvents);
        checks.put("its lines in the log result", ConformanceIT::logs);
        checks.put("an error has its type and message", ConformanceIT::fails);
        checks.put("an exit is an error, and the next event runs", ConformanceIT::exits);
        checks.put("its code, and the shim's token and memory, are out of its reach", ConformanceIT::isConfined);
        checks.put(STREAMS, new AtOnce(ConformanceIT::streams));
        checks.put("a timeout ends the handler and its children", new AtOnce(ConformanceIT::timesOut));
        return checks;
    }

    /** One that waits most of its time: it is made of all runtimes when it is asked of the first; asked again, of one. */
    private static final class AtOnce implements Check {
        private final Check check;
        private final Map<String, Future<?>> made = new HashMap<>();
        private boolean begun;

        AtOnce(Check check) {
            this.check = check;
        }

        @Override
        public void of(String function) throws IOException, InterruptedException {
            if (!begun) {
                begun = true;
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (String runtime : runtimes()) {
                        made.put(function(runtime), threads.submit(() -> {
                            check.of(function(runtime));
                            return null;
                        }));
                    }
                }
            }
            Future<?> first = made.remove(function);
            if (first == null) {
                check.of(function);
            } else if (first.state() == Future.State.FAILED) {
                throw new AssertionError(first.exceptionNow().getMessage(), first.exceptionNow());
            }
        }
    }

    static Stream<Arguments> all() throws IOException {
        List<String> runtimes = runtimes();
        return CHECKS.keySet().stream().flatMap(it -> runtimes.stream().map(runtime -> Arguments.of(runtime, it)));
    }

    private static List<String> runtimes() throws IOException {
        return Installation.runtimes().stream()
                .filter(it -> !it.equals("image"))
                .toList();
    }

    private static String function(String runtime) {
        return "conformance-" + runtime.replaceAll("[^a-z0-9]", "");
    }

    @BeforeAll
    static void install() throws Exception {
        Installation.everything();
        lambda = Functions.lambda();
        for (String runtime : runtimes()) {
            ConformanceCode code = ConformanceCode.of(runtime);
            String digest = Packages.upload(code.zip());
            apply(function(runtime), runtime, code.handler(), digest);
            if (code.streaming().isPresent()) {
                String handler = code.streaming().get();
                String streaming = function(runtime) + (handler.equals(code.handler()) ? "" : "-stream");
                STREAMING.put(function(runtime), streaming);
                apply(streaming, runtime, handler, digest);
            }
        }
        for (String function : STREAMING.values()) {
            Functions.waitUntilReady("Function", function);
        }
        for (String runtime : runtimes()) {
            Functions.waitUntilReady("Function", function(runtime));
        }
    }

    private static void apply(String name, String runtime, String handler, String digest) throws IOException {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec:
                  runtime: RUNTIME
                  handler: HANDLER
                  memory: MEMORY
                  timeoutSeconds: 5
                  scaling: {max: 1, idleTimeout: 1m}
                  environment: [{name: GIVEN, value: "größer als $(5) $$"}]
                  code: {package: {sha256: DIGEST}}
                """.replace("NAME", name)
                .replace("RUNTIME", runtime)
                .replace("HANDLER", handler)
                .replace("MEMORY", name.endsWith("-stream") ? "128Mi" : "512Mi")
                .replace("DIGEST", digest));
    }

    @AfterAll
    static void close() throws IOException {
        for (Map.Entry<String, String> streaming : STREAMING.entrySet()) {
            if (!streaming.getKey().equals(streaming.getValue())) {
                Functions.delete("Function", streaming.getValue());
            }
        }
        for (String runtime : runtimes()) {
            Functions.delete("Function", function(runtime));
        }
        lambda.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("all")
    void aRuntimeDoesWhatTheDocumentationSays(String runtime, String what) throws IOException, InterruptedException {
        CHECKS.get(what).of(function(runtime));

        List<List<String>> rows = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList())
                .toList();
        int column = rows.getFirst().indexOf(runtime);
        assertThat(column)
                .as("the column of " + runtime + " in docs/runtimes.md")
                .isPositive();
        assertThat(rows.stream().filter(row -> row.get(1).equals(what)).map(row -> row.get(column)))
                .as("the row \"" + what + "\" in docs/runtimes.md")
                .containsExactly(
                        what.equals(STREAMS) && !STREAMING.containsKey(function(runtime)) ? "in one piece" : "yes");
    }

    private static void echoes(String function) throws IOException {
        for (String value : List.of(
                "null",
                "true",
                "-1.5e-7",
                "12345678901234",
                "\"Zoë 日本語 😀 \\u0000\\n\\\"\"",
                "[1,[null,{\"a\":[]}]]")) {
            assertThat(answer(function, "{\"do\":\"echo\",\"value\":" + value + "}"))
                    .isEqualTo(JSON.readTree(value));
        }
    }

    private static void tellsTheContext(String function) throws IOException {
        InvokeResponse response = Functions.invoke(lambda, function, "{\"do\":\"context\"}");
        JsonNode context = JSON.readTree(response.payload().asUtf8String());

        assertThat(context.get("id").asText())
                .isEqualTo(response.responseMetadata().requestId());
        assertThat(context.get("name").asText()).isEqualTo(function);
        assertThat(context.get("version").asText()).isEqualTo("$LATEST");
        assertThat(context.get("memory").asInt()).isEqualTo(512);
        assertThat(context.get("arn").asText()).endsWith(":function:" + function);
        assertThat(context.get("group").asText()).isEqualTo("/aws/lambda/" + function);
        assertThat(context.get("stream").asText()).contains("[$LATEST]");
        assertThat(context.get("remaining").asInt()).isBetween(1, 5_000);
    }

    private static void tellsTheClientContext(String function) throws IOException {
        String given = "{\"custom\":{\"k\":\"Zoë 😀\"}}";
        InvokeResponse response = lambda.invoke(it -> it.functionName(function)
                .clientContext(Base64.getEncoder().encodeToString(given.getBytes(StandardCharsets.UTF_8)))
                .payload(SdkBytes.fromUtf8String("{\"do\":\"custom\"}")));

        assertThat(JSON.readTree(response.payload().asUtf8String()))
                .isEqualTo(JSON.readTree(given).get("custom"));
    }

    private static void hasTheEnvironment(String function) throws IOException {
        assertThat(env(function, "GIVEN")).isEqualTo("größer als $(5) $$");
        assertThat(env(function, "AWS_LAMBDA_FUNCTION_NAME")).isEqualTo(function);
        assertThat(env(function, "TZ")).isEqualTo(":UTC");
    }

    private static void hasTheTrace(String function) throws IOException {
        InvokeResponse response = lambda.invoke(it -> it.functionName(function)
                .overrideConfiguration(o -> o.putHeader("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793"))
                .payload(SdkBytes.fromUtf8String("{\"do\":\"trace\"}")));

        assertThat(response.payload().asUtf8String()).contains("1-5759e988-bd862e3fe1be46a994272793");
    }

    private static void keepsItsState(String function) throws IOException {
        int count = answer(function, "{\"do\":\"count\"}").asInt();
        int kept = answer(function, "{\"do\":\"keep\"}").asInt();

        assertThat(answer(function, "{\"do\":\"count\"}").asInt()).isEqualTo(count + 2);
        assertThat(answer(function, "{\"do\":\"keep\"}").asInt()).isEqualTo(kept + 1);
    }

    private static void takesLargeEvents(String function) throws IOException {
        assertThat(answer(function, "{\"do\":\"big\",\"size\":" + LARGE + "}").asText())
                .hasSize(LARGE);
        String event = JSON.writeValueAsString(
                JsonNodeFactory.instance.objectNode().put("do", "count").put("more", "x".repeat(LARGE)));
        assertThat(answer(function, event).isInt()).isTrue();
    }

    private static void logs(String function) {
        InvokeResponse response = lambda.invoke(it -> it.functionName(function)
                .logType(LogType.TAIL)
                .payload(SdkBytes.fromUtf8String("{\"do\":\"print\",\"lines\":" + LINES + "}")));
        String log = new String(Base64.getDecoder().decode(response.logResult()), StandardCharsets.UTF_8);

        assertThat(response.functionError()).isNull();
        assertThat(log)
                .containsPattern("line " + (LINES - 2) + "\n(.*\t)?line " + (LINES - 1) + "\nEND RequestId: ")
                .containsPattern("REPORT RequestId: \\S+\tDuration: [0-9.]+ ms\tBilled Duration: \\d+ ms\t");
    }

    private static void fails(String function) throws IOException {
        InvokeResponse response = Functions.invoke(lambda, function, "{\"do\":\"fail\"}");
        JsonNode error = JSON.readTree(response.payload().asUtf8String());

        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(error.get("errorMessage").asText()).isEqualTo("as asked");
        assertThat(error.get("errorType").asText()).isNotEmpty();
    }

    private static void exits(String function) throws IOException {
        InvokeResponse response = Functions.invoke(lambda, function, "{\"do\":\"exit\"}");

        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(JSON.readTree(response.payload().asUtf8String())
                        .get("errorMessage")
                        .asText())
                .contains("Error: Runtime exited with error: exit status 3");
        assertThat(answer(function, "{\"do\":\"count\"}").asInt()).isEqualTo(1);
    }

    private static void streams(String function) throws IOException, InterruptedException {
        String streaming = STREAMING.get(function);
        if (streaming == null) {
            try (Streamed answer = new Streamed(function, "{\"do\":\"echo\",\"value\":[1,2]}")) {
                assertThat(JSON.readTree(answer.chunk())).isEqualTo(JSON.readTree("[1,2]"));
                assertThat(answer.complete()).isEqualTo("{}");
            }
            return;
        }
        try (Streamed answer = new Streamed(streaming, "{\"do\":\"stream\",\"pause\":" + PAUSE_MS + "}")) {
            assertThat(answer.chunk()).isEqualTo("first");
            long first = System.nanoTime();
            assertThat(answer.chunk()).isEqualTo("last");
            assertThat(ofNanos(System.nanoTime() - first)).isGreaterThan(ofMillis(PAUSE_MS / 6));
            assertThat(answer.complete()).isEqualTo("{}");
        }
        try (Streamed answer = new Streamed(streaming, "{\"do\":\"stream\",\"pause\":0,\"value\":true}")) {
            assertThat(answer.chunk()).isEqualTo("first");
            assertThat(answer.complete()).contains("\"ErrorCode\"", "as asked");
        }
    }

    /** By a process of the same user beside the handler's. */
    private static void isConfined(String function) {
        assertThat(shell(function, ATTACK).lines())
                .containsExactlyInAnyOrder(
                        "wrote /tmp/attacked",
                        "of the shim: /usr/lib/kappa/sh",
                        "of the shim: /usr/lib/kappa/jdk/bin/java");
    }

    private static void timesOut(String function) throws IOException {
        answer(function, "{\"do\":\"leave\"}");
        assertThat(commands(function)).contains("sleep 7655");

        InvokeResponse response = Functions.invoke(lambda, function, "{\"do\":\"sleep\"}");

        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(response.payload().asUtf8String()).contains("Task timed out after 5.00 seconds");
        assertThat(answer(function, "{\"do\":\"count\"}").asInt()).isEqualTo(1);
        await("the children of " + function + " gone")
                .atMost(ofSeconds(10))
                .untilAsserted(() -> assertThat(commands(function)).doesNotContain("sleep 7655"));
    }

    private static String commands(String function) {
        return shell(function, "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '");
    }

    private static String shell(String function, String command) {
        // an instance answers before the kubelet tells that it runs
        String pod = await("a pod of " + function + " that runs")
                .atMost(ofSeconds(20))
                .ignoreException(AssertionError.class)
                .until(() -> Functions.runningPod(function), it -> true)
                .getMetadata()
                .getName();
        try {
            return Installation.tool("kubectl", "exec", pod, "--", "sh", "-c", command);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String env(String function, String name) throws IOException {
        return answer(function, "{\"do\":\"env\",\"name\":\"" + name + "\"}").asText();
    }

    private static JsonNode answer(String function, String payload) throws IOException {
        InvokeResponse answer = Functions.invoke(lambda, function, payload);
        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        return JSON.readTree(answer.payload().asUtf8String());
    }
}
