package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node.js runs many events at once in one process; one that is late or breaks it ends it for all. */
class SharedProcessTest {
    private static final String SOURCE = """
            exports.handler = async (event, context) => {
              console.log("begins " + event.name);
              if (event.do === "throw") setTimeout(() => { throw new RangeError("as asked"); }, 10);
              if (event.do === "exit") process.exit(3);
              await new Promise((r) => setTimeout(r, event.ms ?? 0));
              console.log("ends " + event.name);
              return { id: context.awsRequestId, pid: process.pid };
            };
            exports.callback = (event, context, callback) => { setTimeout(() => callback(null, event), 5); };
            exports.nothing = () => { setTimeout(() => {}, 5000); };
            """;

    @TempDir
    Path folder;

    private ShimProcess start(FakeGateway gateway, String handler) throws Exception {
        ShimProcess shim = new ShimProcess(
                gateway, folder, "nodejs20", handler, Map.of("KAPPA_PER_INSTANCE", "3", "KAPPA_TIMEOUT_MS", "1500"));
        shim.awaitHello();
        return shim;
    }

    private static FakeGateway gateway() throws Exception {
        return new FakeGateway(FakeGateway.zip(Map.of("app.js", SOURCE)));
    }

    @Test
    void eachEventHasItsOwnIdAndLog() throws Exception {
        try (FakeGateway gateway = gateway();
                ShimProcess shim = start(gateway, "app.handler")) {
            var slow = shim.invokeLater("slow", "{\"name\":\"a\",\"ms\":600}");
            Thread.sleep(200);
            var quick = shim.invokeLater("quick", "{\"name\":\"b\",\"ms\":100}");

            assertThat(quick.get(5, TimeUnit.SECONDS).json().get("id")).isEqualTo("quick");
            assertThat(quick.get().log()).contains("begins b", "ends b").doesNotContain("begins a", "ends a");
            assertThat(slow.get(5, TimeUnit.SECONDS).json().get("id")).isEqualTo("slow");
            assertThat(slow.get().log()).contains("begins a", "ends a").doesNotContain("begins b", "ends b");
        }
    }

    @Test
    void anEventThatIsLateLetsTheOthersEnd() throws Exception {
        try (FakeGateway gateway = gateway();
                ShimProcess shim = start(gateway, "app.handler")) {
            var late = shim.invokeLater("late", "{\"ms\":60000}");
            Thread.sleep(800);
            var other = shim.invokeLater("other", "{\"ms\":1000}");

            assertThat(late.get(5, TimeUnit.SECONDS).json().get("errorType")).isEqualTo("Sandbox.Timedout");
            ShimProcess.Reply ended = other.get(5, TimeUnit.SECONDS);
            assertThat(ended.error()).isNull();

            shim.awaitHello();
            assertThat(shim.invoke("{}").json().get("pid"))
                    .isNotEqualTo(ended.json().get("pid"));
        }
    }

    @Test
    void anEventThatBreaksTheProcessIsToldSoAndTheOthersToo() throws Exception {
        try (FakeGateway gateway = gateway();
                ShimProcess shim = start(gateway, "app.handler")) {
            var other = shim.invokeLater("other", "{\"ms\":1200}");
            Thread.sleep(200);
            var thrower = shim.invokeLater("thrower", "{\"do\":\"throw\",\"ms\":1200}");

            assertThat(thrower.get(5, TimeUnit.SECONDS).json().get("errorType")).isEqualTo("RangeError");
            assertThat((String) other.get(5, TimeUnit.SECONDS).json().get("errorMessage"))
                    .endsWith("Error: Runtime exited with error: exit status 129");

            shim.awaitHello();
            assertThat(shim.invoke("{}").error()).isNull();
        }
    }

    @Test
    void handlersWithoutAPromiseAnswerByTheirCallbackOrNothing() throws Exception {
        try (FakeGateway gateway = gateway();
                ShimProcess shim = start(gateway, "app.callback")) {
            assertThat(shim.invoke("{\"a\":1}").body()).isEqualTo("{\"a\":1}");
        }
        try (FakeGateway gateway = gateway();
                ShimProcess shim = start(gateway, "app.nothing")) {
            assertThat(shim.invoke("{}").body()).isEqualTo("null");
        }
    }
}
