package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.shim.handlers.Actor;
import dev.kappa.shim.handlers.BadStart;
import dev.kappa.shim.handlers.SlowStart;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaRuntimeTest {
    @TempDir
    Path folder;

    private FakeGateway gateway;

    @BeforeEach
    void startGateway() throws IOException {
        gateway = new FakeGateway(FakeGateway.zipOf(Actor.class, BadStart.class, SlowStart.class));
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    private ShimProcess start(Class<?> handler, String suffix, Map<String, String> env) throws IOException {
        return new ShimProcess(gateway, folder, "java25", handler.getName() + suffix, env);
    }

    @Test
    void runsAnEventWithItsContextAndLog() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            Map<?, ?> hello = shim.awaitHello();
            assertThat(hello.get("initErrorType")).isNull();
            assertThat(hello.get("capacity")).isEqualTo(1);
            assertThat(ShimProcess.number(hello, "initializedAtMs"))
                    .isGreaterThanOrEqualTo(ShimProcess.number(hello, "initStartedAtMs"));

            ShimProcess.Reply reply = shim.invoke("{\"do\":\"context\"}");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.error()).isNull();
            Map<?, ?> answer = reply.json();
            assertThat(answer.get("arn")).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:fn:live");
            assertThat(answer.get("version")).isEqualTo("7");
            assertThat(answer.get("variable")).isEqualTo("fn");
            assertThat(answer.get("custom")).isEqualTo(Map.of("a", "b"));
            assertThat(ShimProcess.number(answer, "remaining")).isBetween(10_000L, 20_000L);
            assertThat(reply.log())
                    .matches("START RequestId: (\\S+) Version: 7\nprinted\nlogged\nEND RequestId: \\1\n"
                            + "REPORT RequestId: \\1\tDuration: [0-9.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\t"
                            + "Max Memory Used: \\d+ MB\tInit Duration: [0-9.]+ ms\t\n");
            assertThat(shim.invoke("{\"a\":1}").log()).doesNotContain("Init Duration");
            assertThat(shim.get("/state").json())
                    .isEqualTo(Map.of("revision", "r1", "phase", "ready", "capacity", 1, "inFlight", 0));
            assertThat(shim.get("/metrics").body()).contains("kappa_shim_invocations_total{outcome=\"success\"} 2");
            assertThat(shim.invokeWithout("X-Kappa-Token").status()).isEqualTo(403);
            assertThat(shim.invokeWithout("X-Kappa-Request-Id").status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ''                                | 1
            -Dcolor=blue                      | 1
            -XX:TieredStopAtLevel=4           | 4
            """, delimiter = '|')
    void compilesQuicklyAsOnLambdaUnlessToldOtherwise(String options, String level) throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of("JAVA_TOOL_OPTIONS", options))) {
            shim.awaitHello();
            assertThat(shim.invoke("{\"do\":\"option\",\"name\":\"TieredStopAtLevel\"}")
                            .body())
                    .isEqualTo("\"" + level + "\"");
        }
    }

    @Test
    void answersAndStartsAfreshWhenTheFirstEventFillsTheHeap() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            for (int i = 0; i < 3; i++) {
                shim.awaitHello();
                ShimProcess.Reply reply = shim.invoke("{\"do\":\"fill\"}");
                assertThat(reply.error()).isEqualTo("Unhandled");
                assertThat(reply.json().get("errorType")).isEqualTo("java.lang.OutOfMemoryError");
            }
            shim.awaitHello();
            assertThat(shim.invoke("{}").error()).isNull();
        }
    }

    @Test
    void answersWithWhatTheHandlerThrows() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            shim.awaitHello();

            ShimProcess.Reply reply = shim.invoke("{\"do\":\"fail\"}");

            assertThat(reply.error()).isEqualTo("Unhandled");
            assertThat(reply.json().get("errorType")).isEqualTo("java.lang.IllegalStateException");
            assertThat(reply.json().get("errorMessage")).isEqualTo("as asked");
            assertThat(reply.json().get("stackTrace"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                    .isEmpty();
            assertThat(shim.invoke("{\"do\":\"large\"}").json().get("errorType"))
                    .isEqualTo("Function.ResponseSizeTooLarge");
            assertThat(shim.invoke("{\"a\":1}").body()).isEqualTo("{\"echo\":{\"a\":1}}");
        }
    }

    @Test
    void replacesTheEnvironmentAfterATimeout() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of("KAPPA_TIMEOUT_MS", "1000"))) {
            shim.awaitHello();
            ShimProcess.Reply reply = shim.invoke("{\"do\":\"sleep\"}");
            assertThat(reply.json().get("errorType")).isEqualTo("Sandbox.Timedout");
            assertThat((String) reply.json().get("errorMessage")).endsWith(" Error: Task timed out after 1.00 seconds");

            shim.awaitHello();

            assertThat(shim.invoke("{\"a\":1}").status()).isEqualTo(200);
        }
    }

    @Test
    void reportsSystemExitAndStartsAnew() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            shim.awaitHello();
            ShimProcess.Reply reply = shim.invoke("{\"do\":\"exit\"}");
            assertThat(reply.json().get("errorType")).isEqualTo("Runtime.ExitError");
            assertThat((String) reply.json().get("errorMessage"))
                    .endsWith("Error: Runtime exited with error: exit status 3");

            shim.awaitHello();

            assertThat(shim.invoke("{\"a\":1}").status()).isEqualTo(200);
        }
    }

    @Test
    void theLinesOfManyEventsAreInTheLogAlsoIfTheProcessIsKilledRightAfterThem() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            shim.awaitHello();
            int events = 200;
            for (int i = 0; i < events; i++) {
                shim.invokeLater("quick-" + i, "{}").get(20, TimeUnit.SECONDS);
            }
            assertThatThrownBy(
                            () -> shim.invokeLater("last", "{\"do\":\"halt\"}").get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class);

            shim.awaitHello();

            List<String> lines = List.of(shim.log().split("\n", -1));
            for (int i = 0; i < events; i++) {
                int first = lines.indexOf("START RequestId: quick-" + i + " Version: 7");
                assertThat(lines.get(first + 1)).isEqualTo("END RequestId: quick-" + i);
                assertThat(lines.get(first + 2)).startsWith("REPORT RequestId: quick-" + i + "\t");
            }
            assertThat(lines).contains("START RequestId: last Version: 7");
        }
    }

    @Test
    void tellsTheFateOfAnEventWhoseProcessDied() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            shim.awaitHello();
            String id = UUID.randomUUID().toString();
            assertThatThrownBy(() -> shim.invokeLater(id, "{\"do\":\"halt\"}").get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class);

            shim.awaitHello();

            assertThat(shim.log()).containsOnlyOnce("START RequestId: " + id + " Version: 7\n");
            assertThat(shim.get("/fate?id=" + id).body()).isEqualTo("{\"exitStatus\":9}");
            assertThat(shim.get("/fate?id=other").status()).isEqualTo(404);
        }
    }

    @Test
    void answersWithTheInitErrorAndTriesAgain() throws Exception {
        try (ShimProcess shim = start(BadStart.class, "::handle", Map.of())) {
            Map<?, ?> hello = shim.awaitHello();
            assertThat(hello.get("initErrorType")).isEqualTo("java.lang.IllegalStateException");
            assertThat(hello.get("initErrorMessage")).isEqualTo("no database");

            ShimProcess.Reply reply = shim.invoke("{}");

            assertThat(reply.error()).isEqualTo("Unhandled");
            assertThat(reply.json().get("errorMessage")).isEqualTo("no database");
            assertThat(shim.awaitHello().get("initErrorMessage")).isEqualTo("no database");
        }
    }

    @Test
    void anEnvironmentThatEndsSaysSoAndRefusesWhatComesMeanwhile() throws Exception {
        try (ShimProcess shim = start(BadStart.class, "::handle", Map.of())) {
            shim.awaitHello();
            ShimProcess.Reply reply = shim.invoke("{}");
            assertThat(reply.json().get("errorMessage")).isEqualTo("no database");
            assertThat(reply.headers()).containsEntry("x-kappa-ending", "1");

            try {
                assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "initializing");
            } catch (ConnectException e) {
                assertThat(e)
                        .as("a refused connection proves too that the event did not run")
                        .isNotNull();
            }
            shim.awaitHello();
        }
    }

    @Test
    void anInitialisationThatTakesTooLongIsDoneAgainByAnotherProcess() throws Exception {
        Map<String, String> once = Map.of("TRIED", folder.resolve("tried").toString(), "KAPPA_INIT_LIMIT_MS", "3000");
        try (ShimProcess shim = start(SlowStart.class, "::handle", once)) {
            assertThat(shim.awaitHello().get("initErrorType")).isNull();

            assertThat(shim.log()).contains("INIT_REPORT Init Duration: 3000.00 ms\tPhase: init\tStatus: timeout");
            assertThat(shim.invoke("\"a\"").body()).isEqualTo("\"a\"");
            assertThat(gateway.hasNoHello()).isTrue();
        }
    }

    @Test
    void theSecondAttemptToInitialiseHasTheFunctionsTimeoutAndTheNextEventTwoAttemptsAgain() throws Exception {
        try (ShimProcess shim =
                start(SlowStart.class, "::handle", Map.of("KAPPA_TIMEOUT_MS", "500", "KAPPA_INIT_LIMIT_MS", "500"))) {
            for (int i = 1; i <= 2; i++) {
                assertThat(shim.awaitHello().get("initErrorType")).isEqualTo("Sandbox.Timedout");
                assertThat(shim.log().split("Phase: init", -1)).hasSize(i + 1);
                assertThat(shim.log().split("Phase: invoke", -1)).hasSize(i + 1);
                assertThat((String) shim.invoke("\"a\"").json().get("errorMessage"))
                        .contains("the second attempt after the function's timeout of 0.5 seconds");
            }
        }
    }

    @Test
    void reportsAnExitAtInitOnceWithoutALoop() throws Exception {
        try (ShimProcess shim = start(BadStart.class, "::handle", Map.of("EXIT_AT_INIT", "yes"))) {
            Map<?, ?> hello = shim.awaitHello();

            assertThat(hello.get("initErrorType")).isEqualTo("Runtime.ExitError");
            assertThat(hello.get("initErrorMessage")).isEqualTo("Error: Runtime exited with error: exit status 4");
        }
    }

    @Test
    void refusesWhenBusyAndFinishesWhatRunsOnSigterm() throws Exception {
        try (ShimProcess shim = start(Actor.class, "", Map.of())) {
            shim.awaitHello();
            var running = shim.invokeLater("slow", "{\"do\":\"sleep\",\"ms\":1500}");
            Thread.sleep(500);
            assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "busy");

            shim.terminate();
            Thread.sleep(300);

            assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "draining");
            assertThat(running.get(20, TimeUnit.SECONDS).body()).isEqualTo("\"done\"");
            assertThat(shim.awaitExit()).isZero();
            assertThat(List.of(shim.log().split("\n", -1))).anyMatch(line -> line.startsWith("REPORT RequestId: slow"));
        }
    }
}
