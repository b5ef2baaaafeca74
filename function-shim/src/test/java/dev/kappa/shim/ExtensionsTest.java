package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.handlers.Actor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** External extensions beside handlers, as processes of their own. */
@Timeout(240)
class ExtensionsTest {
    private static final long PATIENCE_MS = 60_000;

    private static final Map<String, String> FILES = Map.of("app.py", """
            import os, time
            def handler(event, context):
                if event.get("do") == "sleep":
                    time.sleep(60)
                if event.get("do") == "exit":
                    os._exit(3)
                print("printed")
                return {"pid": os.getpid()}
            """);

    @TempDir
    Path folder;

    private ShimProcess start(
            FakeGateway gateway, String runtime, String mode, Map<String, String> more, String... names)
            throws IOException {
        Path extensions = Files.createDirectories(folder.resolve("opt/extensions"));
        for (String name : names) {
            try (var program = getClass().getResourceAsStream("/extensions/sample.py")) {
                Files.write(
                        extensions.resolve(name),
                        Objects.requireNonNull(program).readAllBytes());
            }
            Files.setPosixFilePermissions(extensions.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Map<String, String> env = new HashMap<>(more);
        env.put("KAPPA_LAYERS_ROOT", folder.resolve("opt").toString());
        env.put("EXTENSION_MODE", mode);
        env.put("EXTENSION_FOLDER", folder.toString());
        env.put("KAPPA_ACCOUNT_ID", "000000000000");
        String handler = runtime.equals("java25") ? Actor.class.getName() : "app.handler";
        return new ShimProcess(gateway, folder, runtime, handler, env);
    }

    private static FakeGateway gateway(String runtime) throws IOException {
        return new FakeGateway(runtime.equals("java25") ? FakeGateway.zipOf(Actor.class) : FakeGateway.zip(FILES));
    }

    /** What the extension noted, line by line. */
    private List<? extends Map<?, ?>> seen(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> ShimProcess.json(line.getBytes(StandardCharsets.UTF_8)))
                        .toList()
                : List.of();
    }

    private Map<?, ?> awaitSeen(String name, Predicate<Map<?, ?>> wanted) throws Exception {
        long end = System.currentTimeMillis() + PATIENCE_MS;
        while (System.currentTimeMillis() < end) {
            for (Map<?, ?> line : seen(name)) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("not seen by " + name + ": " + seen(name));
    }

    private static Predicate<Map<?, ?>> event(String type) {
        return line -> line.get("event") instanceof Map<?, ?> event && type.equals(event.get("eventType"));
    }

    private static Predicate<Map<?, ?>> shutdown(String reason) {
        return line -> line.get("event") instanceof Map<?, ?> event && reason.equals(event.get("shutdownReason"));
    }

    private static Predicate<Map<?, ?>> telemetry(String type) {
        return line -> line.get("telemetry") instanceof Map<?, ?> event && type.equals(event.get("type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "java25"})
    void extensionsSeeEventsAndTheEnd(String runtime) throws Exception {
        try (FakeGateway gateway = gateway(runtime);
                ShimProcess shim = start(gateway, runtime, "telemetry", Map.of(), "first", "second")) {
            assertThat(shim.awaitHello().get("initErrorType")).isNull();

            assertThat(shim.invoke("{\"do\":\"context\"}").error()).isNull();
            assertThat(shim.invoke("{}").error()).isNull();
            awaitSeen("second", telemetry("platform.report"));
            awaitSeen("second", telemetry("extension"));
            shim.terminate();

            assertThat(shim.awaitExit()).isZero();
            for (String name : List.of("first", "second")) {
                List<? extends Map<?, ?>> lines = seen(name);
                assertThat(lines.get(1).get("registered"))
                        .isEqualTo(Map.of(
                                "functionName", "fn",
                                "functionVersion", "7",
                                "handler", runtime.equals("java25") ? Actor.class.getName() : "app.handler",
                                "accountId", "000000000000"));
                assertThat(texts((List<?>)
                                Objects.requireNonNull(lines.getFirst().get("started"))))
                        .doesNotContain("_HANDLER", "LAMBDA_TASK_ROOT", "KAPPA_VERSION_SECRET")
                        .contains("AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "PATH");
                assertThat(lines.stream().filter(event("INVOKE"))).hasSize(2);
                Map<?, ?> invoke = at(awaitSeen(name, event("INVOKE")), "event");
                assertThat(invoke.get("invokedFunctionArn"))
                        .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:fn:live");
                assertThat(ShimProcess.number(invoke, "deadlineMs")).isPositive();
                Map<?, ?> last = at(awaitSeen(name, event("SHUTDOWN")), "event");
                assertThat(last.get("shutdownReason")).isEqualTo("spindown");
            }
            assertTold(seen("second"));
            assertThat(shim.log())
                    .contains(
                            "extension saw INVOKE", "EXTENSION\tName: first\tState: Ready\tEvents: [INVOKE, SHUTDOWN]");
        }
    }

    @Test
    void theNextEventWaitsForExtensionsButTheAnswerDoesNot() throws Exception {
        try (FakeGateway gateway = gateway("python3.13");
                ShimProcess shim = start(gateway, "python3.13", "slow", Map.of(), "slow")) {
            shim.awaitHello();

            assertThat(shim.invoke("{}").error())
                    .as("though the extension is not done")
                    .isNull();
            CompletableFuture<ShimProcess.Reply> second =
                    shim.invokeLater("00000000-0000-0000-0000-000000000002", "{}");
            Thread.sleep(300);
            assertThat(second).isNotDone();
            Files.createFile(folder.resolve("slow.go"));

            assertThat(second.join().error()).isNull();
            awaitSeen("slow", line -> "00000000-0000-0000-0000-000000000002".equals(line.get("done")));
            assertThat(seen("slow").stream()
                            .filter(line -> line.containsKey("event") || line.containsKey("done"))
                            .map(line -> line.containsKey("done")))
                    .containsExactly(false, true, false, true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "java25"})
    void anExtensionThatDiesFailsItsEventAndAllBeginsAnew(String runtime) throws Exception {
        try (FakeGateway gateway = gateway(runtime);
                ShimProcess shim = start(gateway, runtime, "crash-in-event", Map.of(), "dying")) {
            shim.awaitHello();

            ShimProcess.Reply reply = shim.invoke("{\"do\":\"sleep\",\"ms\":60000}");

            assertThat(reply.error()).isEqualTo("Unhandled");
            assertThat(reply.json().get("errorType")).isEqualTo("Extension.Crash");
            assertThat((String) reply.json().get("errorMessage"))
                    .startsWith("RequestId: ")
                    .endsWith("the extension dying ended: exit status 7");
            assertThat(reply.headers()).containsEntry("x-kappa-ending", "1");
            assertThat(shim.awaitHello().get("initErrorType")).isNull();
            assertThat(seen("dying").stream().filter(line -> line.containsKey("registered")))
                    .hasSize(2);
        }
    }

    @Test
    void anExtensionThatCannotBeginFailsTheInitialisation() throws Exception {
        try (FakeGateway gateway = gateway("python3.13");
                ShimProcess shim = start(gateway, "python3.13", "crash-first", Map.of(), "bad")) {
            assertThat(shim.awaitHello().get("initErrorType")).isEqualTo("Extension.Crash");

            assertThat(shim.invoke("{}").json().get("errorType")).isEqualTo("Extension.Crash");

            assertThat(shim.awaitHello().get("initErrorType")).isEqualTo("Extension.Crash");
        }
    }

    @Test
    void anExtensionThatIsStuckAtFirstHasASecondAttempt() throws Exception {
        try (FakeGateway gateway = gateway("python3.13");
                ShimProcess shim =
                        start(gateway, "python3.13", "stuck", Map.of("KAPPA_INIT_LIMIT_MS", "1000"), "stuck")) {
            long end = System.currentTimeMillis() + PATIENCE_MS;
            while (!shim.log().contains("INIT_REPORT Init Duration: 1000.00 ms\tPhase: init\tStatus: timeout")) {
                assertThat(System.currentTimeMillis()).as(shim.log()).isLessThan(end);
                Thread.sleep(20);
            }
            Files.createFile(folder.resolve("stuck.go"));

            assertThat(shim.awaitHello().get("initErrorType")).isNull();
            assertThat(shim.invoke("{}").error()).isNull();
        }
    }

    @Test
    void anExtensionThatIsNotDoneInTimeIsReplacedBeforeTheNextEvent() throws Exception {
        try (FakeGateway gateway = gateway("python3.13");
                ShimProcess shim =
                        start(gateway, "python3.13", "hang", Map.of("KAPPA_TIMEOUT_MS", "5000"), "hanging")) {
            shim.awaitHello();
            assertThat(shim.invoke("{}").error()).isNull();

            ShimProcess.Reply refused = shim.invoke("{}");

            assertThat(refused.status()).isEqualTo(503);
            shim.awaitHello();
            assertThat(shim.invoke("{}").error()).isNull();
            assertThat(shim.log()).contains("extensions that were not done with an event", "hanging");
        }
    }

    @Test
    void extensionsHearWhyTheEnvironmentEnds() throws Exception {
        try (FakeGateway gateway = gateway("java25");
                ShimProcess shim =
                        start(gateway, "java25", "shutdown-only", Map.of("KAPPA_TIMEOUT_MS", "2000"), "watching")) {
            shim.awaitHello();

            CompletableFuture<ShimProcess.Reply> reply =
                    shim.invokeLater("00000000-0000-0000-0000-000000000001", "{\"do\":\"sleep\",\"ms\":60000}");

            assertThat(reply.join().error()).isEqualTo("Unhandled");
            awaitSeen("watching", shutdown("timeout"));
            shim.awaitHello();
            assertThat(seen("watching").stream().filter(event("INVOKE"))).isEmpty();
            assertThat(seen("watching").stream().filter(line -> line.containsKey("registered")))
                    .hasSize(2);
        }
    }

    /** What was told of an initialisation and an event. */
    private void assertTold(List<? extends Map<?, ?>> lines) throws Exception {
        Map<?, ?> report = record(awaitSeen("second", telemetry("platform.report")));
        Map<?, ?> metrics = at(report, "metrics");
        assertThat(texts(metrics.keySet()))
                .containsExactlyInAnyOrder(
                        "durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs");
        assertThat(ShimProcess.number(metrics, "memorySizeMB")).isEqualTo(128);
        assertThat(report.get("status")).isEqualTo("success");
        assertThat(texts(lines.stream()
                        .filter(line -> line.containsKey("telemetry"))
                        .map(line -> at(line, "telemetry").get("type"))
                        .toList()))
                // An extension subscribes while the handler is initialised.
                .contains("extension", "platform.telemetrySubscription")
                .containsSubsequence(
                        "platform.initStart",
                        "platform.initRuntimeDone",
                        "platform.extension",
                        "platform.initReport",
                        "platform.start",
                        "function",
                        "platform.runtimeDone",
                        "platform.report");
        Map<?, ?> done = record(awaitSeen("second", telemetry("platform.runtimeDone")));
        assertThat(done.get("requestId")).isEqualTo(report.get("requestId"));
        assertThat(texts(at(done, "metrics").keySet())).contains("durationMs", "producedBytes");
        assertThat(awaitSeen("second", telemetry("function")).toString()).contains("record=printed");
        Map<?, ?> start = record(awaitSeen("second", telemetry("platform.initStart")));
        assertThat(start.get("functionName")).isEqualTo("fn");
        assertThat(start.get("phase")).isEqualTo("init");
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(String::valueOf).toList();
    }

    private static Map<?, ?> record(Map<?, ?> line) {
        return at(at(line, "telemetry"), "record");
    }

    private static Map<?, ?> at(Map<?, ?> json, String name) {
        return (Map<?, ?>) Objects.requireNonNull(json.get(name), name);
    }
}
