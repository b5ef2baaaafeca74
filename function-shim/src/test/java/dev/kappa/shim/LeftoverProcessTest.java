package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.core.Json;
import dev.kappa.shim.handlers.Actor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fresh environment has nothing of the one before: what a handler started ends with it, wherever it went. */
class LeftoverProcessTest {
    private static final String PYTHON = """
            import os, subprocess, time
            def handler(event, context):
                if "leave" in event:
                    env = None if event.get("env") else {}
                    subprocess.Popen(["/usr/bin/setsid", "/bin/sh", "-c", event["leave"]], env=env,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    time.sleep(0.3)
                if event.get("do") == "sleep":
                    time.sleep(60)
                if event.get("do") == "exit":
                    os._exit(3)
                return os.getpid()
            """;

    private static final String NODE = """
            const { spawn } = require("node:child_process");
            exports.handler = async (event) => {
              if (event.leave) {
                spawn("/usr/bin/setsid", ["/bin/sh", "-c", event.leave], { env: {}, stdio: "ignore", detached: true }).unref();
                await new Promise((r) => setTimeout(r, 300));
              }
              if (event.do === "sleep") await new Promise((r) => setTimeout(r, 60000));
              if (event.do === "exit") process.exit(3);
              return process.pid;
            };
            """;

    @TempDir
    Path folder;

    private ShimProcess shim(FakeGateway gateway, List<String> wrapper, String runtime, int capacity)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(ShimProcess.entrypoint());
        String handler = runtime.startsWith("java") ? Actor.class.getName() : "app.handler";
        return new ShimProcess(
                gateway,
                folder,
                command,
                runtime,
                handler,
                Map.of("KAPPA_TIMEOUT_MS", "2000", "KAPPA_PER_INSTANCE", Integer.toString(capacity)));
    }

    private static FakeGateway gateway(String runtime) throws IOException {
        return new FakeGateway(
                runtime.startsWith("java")
                        ? FakeGateway.zipOf(Actor.class)
                        : FakeGateway.zip(Map.of("app.py", PYTHON, "app.js", NODE)));
    }

    /** A script that tells by a growing file that it runs, in a child of a child that has lost its parent. */
    private String daemon(String name) {
        return "(/usr/bin/setsid /bin/sh -c 'while :; do echo >>" + folder.resolve(name)
                + "; /bin/sleep 0.02; done' &) &";
    }

    /** A script whose process is always another: each starts the next one and ends. */
    private String everNewProcess(String name) {
        Path script = folder.resolve("next.sh");
        return "printf 'echo >>" + folder.resolve(name) + "; /bin/sh " + script + " &\\n' >" + script + "; /bin/sh "
                + script;
    }

    private boolean grows(String name) throws Exception {
        Path file = folder.resolve(name);
        long before = Files.exists(file) ? Files.size(file) : 0;
        Thread.sleep(300);
        return Files.exists(file) && Files.size(file) > before;
    }

    @ParameterizedTest
    @CsvSource({
        "python3.13, sleep", "python3.13, exit",
        "nodejs20, sleep", "nodejs20, exit",
        "java25, sleep", "java25, exit"
    })
    void nothingOfTheHandlerOutlivesItsEnvironment(String runtime, String end) throws Exception {
        try (FakeGateway gateway = gateway(runtime);
                ShimProcess shim = shim(gateway, Pod.firstProcess(), runtime, 1)) {
            shim.awaitHello();
            shim.invoke(new Json().put("leave", daemon("beats")).toString());
            shim.invoke(new Json().put("leave", everNewProcess("more")).toString());
            assertThat(grows("beats"))
                    .as("a handler's own processes live while it does")
                    .isTrue();
            assertThat(grows("more")).isTrue();

            assertThat(shim.invoke(new Json().put("do", end).toString()).error())
                    .isEqualTo("Unhandled");
            shim.awaitHello();

            assertThat(grows("beats")).isFalse();
            assertThat(grows("more")).isFalse();
            assertThat(shim.invoke("{}").error()).isNull();
        }
    }

    @Test
    void theProcessesOfOtherEventsStay() throws Exception {
        try (FakeGateway gateway = gateway("python3.13");
                ShimProcess shim = shim(gateway, List.of(), "python3.13", 2)) {
            shim.awaitHello();
            var late = shim.invokeLater(
                    "late",
                    new Json()
                            .put("leave", daemon("late"))
                            .put("env", "yes")
                            .put("do", "sleep")
                            .toString());
            Thread.sleep(800);
            ShimProcess.Reply other = shim.invoke(
                    new Json().put("leave", daemon("other")).put("env", "yes").toString());
            assertThat(grows("late")).isTrue();

            assertThat(late.get().json().get("errorType")).isEqualTo("Sandbox.Timedout");
            shim.awaitHello();

            assertThat(grows("late")).isFalse();
            assertThat(grows("other")).isTrue();
            assertThat(List.of(shim.invoke("{}").body(), shim.invoke("{}").body()))
                    .contains(other.body());
            ShimProcess.Reply exit = shim.invoke("{\"do\":\"exit\"}");
            assertThat(exit.error()).isEqualTo("Unhandled");
            for (int i = 0; i < 2 && grows("other"); i++) {
                shim.awaitHello();
                shim.invoke("{\"do\":\"exit\"}");
                Thread.sleep(300);
            }
            assertThat(grows("other")).isFalse();
        }
    }
}
