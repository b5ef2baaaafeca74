package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.RefusedException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CallThreadsTest {
    private static final int LIMIT = 3;

    private final CallThreads threads = new CallThreads(LIMIT);
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();

    private String stall() throws InterruptedException {
        running.incrementAndGet();
        stalled.await();
        return "done";
    }

    @Test
    void aStalledServerHoldsNoMoreCallsThanTheLimit() throws Exception {
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(threads.run(this::stall));
        }

        assertThat(calls.stream().filter(Future::failed))
                .hasSize(100 - LIMIT)
                .allSatisfy(
                        it -> assertThat(((RefusedException) it.cause()).error().status())
                                .isEqualTo(429));
        stalled.countDown();
        for (Future<String> call : calls.subList(0, LIMIT)) {
            assertThat(call.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isEqualTo("done");
        }
        assertThat(running).hasValue(LIMIT);
    }

    @Test
    void aCallThatEndedMakesRoom() throws Exception {
        for (int i = 0; i < 3 * LIMIT; i++) {
            Future<String> failed = threads.run(() -> {
                throw new IllegalStateException("no");
            });
            assertThat(failed.toCompletionStage()
                            .handle((v, e) -> e)
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS))
                    .hasMessage("no");
        }
    }
}
