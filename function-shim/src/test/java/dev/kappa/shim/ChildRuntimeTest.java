package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildRuntimeTest {
    private static final String PYTHON = """
            import os, sys, time
            def handler(event, context):
                do = event.get("do")
                if do == "fail":
                    raise ValueError("as asked")
                if do == "sleep":
                    time.sleep(event.get("s", 60))
                if do == "exit":
                    os._exit(3)
                if do == "large":
                    return "x" * (7 << 20)
                print("printed")
                return {"id": context.aws_request_id, "token": os.environ.get("KAPPA_VERSION_SECRET"),
                        "custom": context.client_context.custom, "event": event, "pid": os.getpid(),
                        "left": context.get_remaining_time_in_millis() > 0, "task": os.environ["LAMBDA_TASK_ROOT"]}
            """;

    private static final String NODE = """
            exports.handler = async (event, context) => {
              if (event.do === "fail") throw new RangeError("as asked");
              if (event.do === "sleep") await new Promise((r) => setTimeout(r, (event.s ?? 60) * 1000));
              if (event.do === "exit") process.exit(3);
              if (event.do === "large") return "x".repeat(7 << 20);
              console.log("printed");
              return {id: context.awsRequestId, token: process.env.KAPPA_VERSION_SECRET ?? null,
                      custom: context.clientContext.custom, event, pid: process.pid,
                      left: context.getRemainingTimeInMillis() > 0, task: process.env.LAMBDA_TASK_ROOT};
            };
            exports.callback = (event, context, callback) => { setTimeout(() => callback(null, {echo: event}), 5); };
            exports.nothing = () => {};
            """;

    private static final Map<String, String> FILES = Map.of(
            "app.py", PYTHON,
            "app.js", NODE,
            "esm.mjs", "export const handler = async (event) => ({esm: event});",
            "slow.py", """
                    import os, sys, time
                    if not os.path.exists("tried"):
                        open("tried", "w").close()
                        time.sleep(60)
                    def handler(event, context):
                        return "started"
                    """,
            "stuck.py", "import time; time.sleep(60)",
            "bad.py", "raise RuntimeError('no database')",
            "bad.js", "throw new Error('no database');",
            "quit.py", "import os; os._exit(4)",
            "quit.js", "process.exit(4)");

    @TempDir
    Path folder;

    private ShimProcess start(FakeGateway gateway, String runtime, String handler, Map<String, String> env)
            throws IOException {
        return new ShimProcess(gateway, folder, runtime, handler, env);
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20"})
    void livesThroughAnEventAnErrorACrashAndATimeout(String runtime) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, runtime, "app.handler", Map.of("KAPPA_TIMEOUT_MS", "2000"))) {
            assertThat(shim.awaitHello().get("initErrorType")).isNull();

            ShimProcess.Reply reply = shim.invoke("{\"a\":\"ä\"}");
            assertThat(reply.error()).isNull();
            assertThat(reply.json().get("event")).isEqualTo(Map.of("a", "ä"));
            assertThat(reply.json().get("custom")).isEqualTo(Map.of("a", "b"));
            assertThat(reply.json().get("left")).isEqualTo(true);
            assertThat(reply.json().get("token")).isNull();
            assertThat(reply.log()).contains("START RequestId: " + reply.json().get("id"), "printed\nEND RequestId: ");

            ShimProcess.Reply failed = shim.invoke("{\"do\":\"fail\"}");
            assertThat(failed.error()).isEqualTo("Unhandled");
            assertThat(failed.json().get("errorMessage")).isEqualTo("as asked");
            assertThat(failed.json().get("errorType")).isIn("ValueError", "RangeError");
            assertThat(shim.invoke("{\"do\":\"large\"}").json().get("errorType"))
                    .isEqualTo("Function.ResponseSizeTooLarge");
            assertThat(shim.invoke("{}").json().get("pid"))
                    .isEqualTo(reply.json().get("pid"));

            assertThat(failed.headers()).doesNotContainKey("x-kappa-ending");
            ShimProcess.Reply exited = shim.invoke("{\"do\":\"exit\"}");
            assertThat((String) exited.json().get("errorMessage"))
                    .endsWith("Error: Runtime exited with error: exit status 3");
            assertThat(exited.headers()).containsEntry("x-kappa-ending", "1");
            shim.awaitHello();
            assertThat(shim.invoke("{}").json().get("pid"))
                    .isNotEqualTo(reply.json().get("pid"));

            assertThat(shim.invoke("{\"do\":\"sleep\"}").json().get("errorType"))
                    .isEqualTo("Sandbox.Timedout");
            shim.awaitHello();
            assertThat(shim.invoke("{}").error()).isNull();

            shim.terminate();
            assertThat(shim.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20"})
    void runsAsManyEventsAtOnceAsItsCapacity(String runtime) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, runtime, "app.handler", Map.of("KAPPA_PER_INSTANCE", "2"))) {
            shim.awaitHello();
            var one = shim.invokeLater("one", "{\"do\":\"sleep\",\"s\":1}");
            var two = shim.invokeLater("two", "{\"do\":\"sleep\",\"s\":1}");
            Thread.sleep(400);

            assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "busy");

            ShimProcess.Reply first = one.get(10, TimeUnit.SECONDS);
            ShimProcess.Reply second = two.get(10, TimeUnit.SECONDS);
            assertThat(List.of(first.json().get("id"), second.json().get("id"))).containsExactly("one", "two");
            boolean same = Objects.equals(first.json().get("pid"), second.json().get("pid"));
            assertThat(same).as("Node.js shares a process").isEqualTo(runtime.equals("nodejs20"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20"})
    void answersWithTheInitErrorAndTriesAgain(String runtime) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, runtime, "bad.handler", Map.of())) {
            assertThat(shim.awaitHello().get("initErrorMessage")).isEqualTo("no database");

            ShimProcess.Reply reply = shim.invoke("{}");
            assertThat(reply.json().get("errorMessage")).isEqualTo("no database");
            assertThat(reply.headers()).containsEntry("x-kappa-ending", "1");

            assertThat(shim.awaitHello().get("initErrorMessage")).isEqualTo("no database");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void anInitialisationThatTakesTooLongIsDoneAgain(String capacity) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(
                        gateway,
                        "python3.13",
                        "slow.handler",
                        Map.of("KAPPA_PER_INSTANCE", capacity, "KAPPA_INIT_LIMIT_MS", "5000"))) {
            Map<?, ?> hello = shim.awaitHello();
            assertThat(hello.get("initErrorType")).isNull();
            assertThat(ShimProcess.number(hello, "initializedAtMs"))
                    .isGreaterThanOrEqualTo(ShimProcess.number(hello, "initStartedAtMs") + 5_000);
            assertThat(shim.log()).contains("INIT_REPORT Init Duration: 5000.00 ms\tPhase: init\tStatus: timeout");
            assertThat(shim.invoke("{}").body()).isEqualTo("\"started\"");
            assertThat(gateway.hasNoHello()).isTrue();
        }
    }

    @Test
    void theSecondAttemptToInitialiseHasTheFunctionsTimeout() throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(
                        gateway,
                        "python3.13",
                        "stuck.handler",
                        Map.of("KAPPA_TIMEOUT_MS", "500", "KAPPA_INIT_LIMIT_MS", "1000"))) {
            Map<?, ?> hello = shim.awaitHello();
            assertThat(hello.get("initErrorType")).isEqualTo("Sandbox.Timedout");
            assertThat(ShimProcess.number(hello, "initializedAtMs"))
                    .isGreaterThanOrEqualTo(ShimProcess.number(hello, "initStartedAtMs") + 1_500);
            assertThat(shim.log()).contains("INIT_REPORT Init Duration: 500.00 ms\tPhase: invoke\tStatus: timeout");

            assertThat((String) shim.invoke("{}").json().get("errorMessage"))
                    .isEqualTo(
                            "Error: Init timed out after 1 seconds, and the second attempt after the function's timeout"
                                    + " of 0.5 seconds");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20"})
    void reportsAnExitAtInit(String runtime) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, runtime, "quit.handler", Map.of())) {
            assertThat(shim.awaitHello().get("initErrorMessage"))
                    .isEqualTo("Error: Runtime exited with error: exit status 4");
        }
    }

    @Test
    void theReportOfAProcessThatEndsWithItsFirstEventHasItsMemory() throws Exception {
        Map<String, String> code = Map.of("app.py", "import os\ndef handler(event, context): os._exit(3)");
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(code));
                ShimProcess shim = start(gateway, "python3.13", "app.handler", Map.of())) {
            shim.awaitHello();

            shim.invoke("{}");

            while (!shim.log().contains("REPORT RequestId")) {
                Thread.sleep(10);
            }
            assertThat(shim.log()).containsPattern("Max Memory Used: [1-9][0-9]* MB");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.callback {\"echo\":{\"a\":1}}", "app.nothing null", "esm.handler {\"esm\":{\"a\":1}}"})
    void runsEveryShapeOfNodeHandler(String handlerAndAnswer) throws Exception {
        String[] parts = handlerAndAnswer.split(" ", 2);
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, "nodejs20", parts[0], Map.of())) {
            shim.awaitHello();

            assertThat(shim.invoke("{\"a\":1}").body()).isEqualTo(parts[1]);
            assertThat(shim.invoke("{\"a\":1}").body()).isEqualTo(parts[1]);
        }
    }

    @Test
    void aMissingHandlerIsNamed() throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, "nodejs20", "app.none", Map.of())) {
            Map<?, ?> hello = shim.awaitHello();

            assertThat(hello.get("initErrorType")).isEqualTo("Runtime.HandlerNotFound");
            assertThat(hello.get("initErrorMessage")).isEqualTo("app.none is undefined or not exported");
        }
    }
}
