package dev.kappa.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.shim.ShimClient;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.LoopClient;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.Rate;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events of no instance: those that are let in wait, the others are refused at once. */
class FunctionRateTest {
    private static final ClusterView CLUSTER = new ClusterView() {
        @Override
        public VersionConfig version(VersionKey key) {
            return new VersionConfig("r1", 3, null, null);
        }

        @Override
        public @Nullable KnownPod pod(String namespace, String pod) {
            return null;
        }

        @Override
        public boolean owns(FunctionKey function) {
            return true;
        }
    };

    private final Vertx vertx = Vertx.vertx();
    private long nowMs = 1_000_000;
    private final Dispatcher dispatcher = new Dispatcher(
            new Limits(100, 60_000, 1_000_000, 300, new Rate(10, 3)),
            new ShimClient(
                    vertx, LoopClient.ofPlatform(vertx), new ExchangeClient(vertx), new InstanceTokens("secret")),
            CLUSTER,
            new Listeners(),
            () -> nowMs);

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private boolean isLetIn(String function, String version) {
        Future<Answer> answer = dispatcher.submit(new Event(
                UUID.randomUUID().toString(),
                new VersionKey("default", function, version),
                Buffer.buffer("1"),
                "arn",
                null,
                null,
                false,
                nowMs));
        if (answer.isComplete()) {
            assertThat(answer.result()).isEqualTo(new Answer.Throttled(ThrottleReason.FUNCTION_RATE));
        }
        return !answer.isComplete();
    }

    @Test
    void aFunctionIsInvokedAsOftenAsItMayWhateverTheVersion() {
        assertThat(isLetIn("hello", "$LATEST")).isTrue();
        assertThat(isLetIn("hello", "1")).isTrue();
        assertThat(isLetIn("hello", "2")).isTrue();
        assertThat(isLetIn("hello", "$LATEST")).isFalse();
        assertThat(isLetIn("hello", "3")).isFalse();
        assertThat(isLetIn("other", "$LATEST")).isTrue();

        nowMs += 100;

        assertThat(isLetIn("hello", "1")).isTrue();
        assertThat(isLetIn("hello", "1")).isFalse();
    }
}
