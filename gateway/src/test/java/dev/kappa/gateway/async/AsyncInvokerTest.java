package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.QueueException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AsyncInvokerTest {
    private static final int EVENTS = 10;

    private final CountDownLatch stalled = new CountDownLatch(1);
    private final AsyncInvoker invoker = new AsyncInvoker(
            new MemoryStores() {
                @Override
                public void publish(AsyncEvent event) throws QueueException {
                    try {
                        stalled.await();
                    } catch (InterruptedException e) {
                        throw new QueueException("interrupted", e);
                    }
                    super.publish(event);
                }
            },
            new AsyncMeters(new SimpleMeterRegistry()),
            1000,
            EVENTS);

    @Test
    void aQueueThatDoesNotAnswerHoldsABoundedNumberOfEvents() throws Exception {
        List<Future<Void>> first = IntStream.range(0, EVENTS)
                .mapToObj(i -> invoker.accept(event(1)))
                .toList();

        Future<Void> more = invoker.accept(event(1));

        assertThat(more.failed()).isTrue();
        assertThat(more.cause()).isInstanceOf(QueueException.class).hasMessageContaining("too many events");
        stalled.countDown();
        for (Future<Void> event : first) {
            event.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
        assertThat(invoker.accept(event(1)).failed()).isFalse();
    }

    @Test
    void aQueueThatDoesNotAnswerHoldsABoundedNumberOfBytes() {
        Future<Void> large = invoker.accept(event(900));

        Future<Void> more = invoker.accept(event(101));
        Future<Void> fits = invoker.accept(event(100));

        assertThat(large.isComplete()).isFalse();
        assertThat(more.failed()).isTrue();
        assertThat(fits.isComplete()).isFalse();
        stalled.countDown();
    }

    private static AsyncEvent event(int bytes) {
        return new AsyncEvent(
                UUID.randomUUID().toString(),
                new VersionKey("default", "hello", "$LATEST"),
                "",
                null,
                new byte[bytes],
                "arn",
                null,
                null,
                "test",
                1,
                0);
    }
}
