package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shim next to a process that it did not start, in the namespaces of a pod. */
class ImageRuntimeTest {
    private static final String APP = """
            import os, threading, time
            def handler(event, context):
                do = event.get("do")
                if do == "fail":
                    raise ValueError("as asked")
                if do == "sleep":
                    time.sleep(60)
                if do == "die":
                    threading.Timer(0.05, os._exit, [3]).start()
                if do == "exit":
                    os._exit(3)
                return {"event": event, "id": context.aws_request_id}
            """;

    @TempDir
    Path folder;

    private FakeGateway gateway;
    private Pod pod;
    private int port;

    @BeforeEach
    void makePod() throws Exception {
        pod = Pod.start();
        gateway = new FakeGateway(FakeGateway.zip(Map.of()));
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Files.writeString(folder.resolve("app.py"), APP);
        Files.writeString(folder.resolve("bad.py"), "raise RuntimeError('no database')");
        Files.writeString(folder.resolve("quit.py"), "import os; os._exit(4)");
    }

    @AfterEach
    void removePod() throws Exception {
        if (pod != null) {
            pod.close();
            gateway.close();
        }
    }

    private ShimProcess shim(long timeoutMs) throws IOException {
        List<String> command = pod.inside();
        command.addAll(ShimProcess.entrypoint());
        Map<String, String> env = Map.of(
                "KAPPA_CODE_SHA256",
                "",
                "KAPPA_RUNTIME_API_PORT",
                Integer.toString(port),
                "KAPPA_TIMEOUT_MS",
                Long.toString(timeoutMs));
        return new ShimProcess(gateway, folder, command, "image", "", env);
    }

    /** The user's container, once the Runtime API listens as the pod's postStart hook sees to. */
    private Process runtime(String handler) throws Exception {
        Path announced = folder.resolve("state/runtime-api");
        for (int tries = 0; !Files.exists(announced); tries++) {
            assertThat(tries).isLessThan(1000);
            Thread.sleep(10);
        }
        Map<String, String> env = new HashMap<>(Map.of(
                "AWS_LAMBDA_RUNTIME_API",
                "127.0.0.1:" + port,
                "LAMBDA_TASK_ROOT",
                folder.toString(),
                "LAMBDA_RUNTIME_DIR",
                folder.toString(),
                "_HANDLER",
                handler));
        for (String name : List.of("FUNCTION_NAME", "FUNCTION_VERSION", "LOG_GROUP_NAME", "LOG_STREAM_NAME")) {
            env.put("AWS_LAMBDA_" + name, "any");
        }
        env.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
        return pod.container(env, folder.resolve("runtime.log"), "python3", "runtimes/python3.13/bootstrap.py");
    }

    @Test
    void runsEventsOfAProcessThatItDidNotStart() throws Exception {
        try (ShimProcess shim = shim(20_000)) {
            runtime("app.handler");
            Map<?, ?> hello = shim.awaitHello();
            assertThat(hello.get("initErrorType")).isNull();
            assertThat(ShimProcess.number(hello, "initializedAtMs"))
                    .isGreaterThanOrEqualTo(ShimProcess.number(hello, "initStartedAtMs"));

            ShimProcess.Reply reply = shim.invoke("{\"a\":\"ä\"}");

            assertThat(reply.json().get("event")).isEqualTo(Map.of("a", "ä"));
            assertThat(reply.log()).contains("START RequestId: " + reply.json().get("id"), "Max Memory Used: ");
            assertThat(reply.log()).doesNotContain("Max Memory Used: 0 MB");
            assertThat(shim.invoke("{\"do\":\"fail\"}").json().get("errorType")).isEqualTo("ValueError");
            assertThat(shim.invoke("{}").error()).isNull();
            assertThat(gateway.hasNoFarewell()).isTrue();

            assertThat(shim.get(Wire.DRAIN).status())
                    .as("a gateway, which is not the kubelet")
                    .isEqualTo(403);
            String ofKubelet = InstanceToken.ofKubelet(FakeGateway.SECRET);
            assertThat(shim.get(Wire.DRAIN, ofKubelet).status()).isEqualTo(200);
            assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "draining");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exit, Runtime.ExitError, Runtime exited without providing a reason",
        "sleep, Sandbox.Timedout, Task timed out after 1.00 seconds"
    })
    void anExitAndATimeoutAreToldAndEndTheProcessAndThePod(String what, String type, String message) throws Exception {
        try (ShimProcess shim = shim(1_000)) {
            Process runtime = runtime("app.handler");
            shim.awaitHello();

            ShimProcess.Reply reply = shim.invoke("{\"do\":\"" + what + "\"}");

            assertThat(reply.json().get("errorType")).isEqualTo(type);
            assertThat((String) reply.json().get("errorMessage")).endsWith("Error: " + message);
            assertThat(runtime.waitFor(5, TimeUnit.SECONDS)).isTrue();
            Map<?, ?> farewell = gateway.farewell();
            assertThat(farewell.get("pod")).isEqualTo("pod-a");
            assertThat(farewell.get("function")).isEqualTo("fn");
            assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "draining");
        }
    }

    @Test
    void anExitBeforeTheFirstEventIsReplacedWhenOneComes() throws Exception {
        try (ShimProcess shim = shim(20_000)) {
            Process runtime = runtime("app.handler");
            shim.awaitHello();
            runtime.descendants().forEach(ProcessHandle::destroyForcibly);
            runtime.waitFor();
            Thread.sleep(500);
            assertThat(gateway.hasNoFarewell()).isTrue();

            assertThat(shim.invoke("{}").status()).isEqualTo(503);

            assertThat(gateway.farewell().get("version")).isEqualTo("7");
        }
    }

    @Test
    void anEventForAProcessThatHasJustEndedIsRefusedForGood() throws Exception {
        try (ShimProcess shim = shim(20_000)) {
            Process runtime = runtime("app.handler");
            shim.awaitHello();
            shim.invoke("{\"do\":\"die\"}");
            assertThat(runtime.waitFor(20, TimeUnit.SECONDS)).isTrue();

            assertThat(shim.invoke("{}").headers()).containsEntry("x-kappa-refused", "draining");

            assertThat(gateway.farewell().get("version")).isEqualTo("7");
        }
    }

    @Test
    void anExitAfterAnEventIsReplacedAtOnce() throws Exception {
        try (ShimProcess shim = shim(20_000)) {
            Process runtime = runtime("app.handler");
            shim.awaitHello();
            shim.invoke("{}");

            runtime.descendants().forEach(ProcessHandle::destroyForcibly);

            assertThat(gateway.farewell().get("version")).isEqualTo("7");
        }
    }

    @ParameterizedTest
    @CsvSource({"bad.handler, no database", "quit.handler, Error: Runtime exited without providing a reason"})
    void anInitErrorIsToldToTheGatewayAndToOneEvent(String handler, String message) throws Exception {
        try (ShimProcess shim = shim(20_000)) {
            runtime(handler);
            assertThat(shim.awaitHello().get("initErrorMessage")).isEqualTo(message);

            assertThat(shim.invoke("{}").json().get("errorMessage")).isEqualTo(message);

            assertThat(gateway.farewell().get("pod")).isEqualTo("pod-a");
        }
    }
}
