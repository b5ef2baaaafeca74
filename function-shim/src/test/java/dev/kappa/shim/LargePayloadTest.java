package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest payloads at once, through a shim with the heap that it has in a pod. */
class LargePayloadTest {
    private static final int AT_ONCE = 4;
    private static final int ROUNDS = 3;
    private static final int LENGTH = (6 << 20) - 2;

    private static final Map<String, String> FILES = Map.of(
            "app.py", "def handler(event, context):\n    return event\n",
            "app.js", "exports.handler = async (event) => event;\n");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"nodejs20", "python3.13"})
    @Timeout(180)
    void areAllAnsweredAndEndNothing(String runtime) throws Exception {
        List<String> command = ShimProcess.entrypoint(
                "-XX:TieredStopAtLevel=1", "-Xmx32m", "-Xmn6m", "-XX:PretenureSizeThreshold=262144");
        Map<String, String> env = Map.of("KAPPA_PER_INSTANCE", Integer.toString(AT_ONCE), "KAPPA_TIMEOUT_MS", "60000");
        String payload = "\"" + "x".repeat(LENGTH) + "\"";
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = new ShimProcess(gateway, folder, command, runtime, "app.handler", env)) {
            shim.awaitHello();
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<ShimProcess.Reply>> replies = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    replies.add(shim.invokeLater("large-" + round + "-" + i, payload));
                }
                for (CompletableFuture<ShimProcess.Reply> reply : replies) {
                    assertThat(reply.get(60, TimeUnit.SECONDS).error()).isNull();
                    assertThat(reply.get().body()).hasSize(payload.length());
                }
            }
            assertThat(gateway.hasNoHello()).as("nothing was replaced").isTrue();
        }
    }
}
