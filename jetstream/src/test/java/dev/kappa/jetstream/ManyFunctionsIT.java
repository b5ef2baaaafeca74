package dev.kappa.jetstream;

import static dev.kappa.jetstream.Queues.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import io.nats.client.api.StreamInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand functions have events in one NATS at once, whose disk held seven of them when each had a stream. */
@Timeout(600)
class ManyFunctionsIT {
    private static final int FUNCTIONS = 1_000;
    private static final int EVENTS = 3;
    private static final int THREADS = 8;
    private static final int TRIES = 60;
    private static final long MEBIBYTE = 1 << 20;
    private static final long DISK = 1024 * MEBIBYTE;
    private static final QueueSizes SIZES = new QueueSizes(8, 96 * MEBIBYTE, 32 * MEBIBYTE);

    @Test
    void aThousandFunctionsHaveEventsOnOneGibibyteOfDisk() throws Exception {
        Queues queues = Queues.on(NatsServer.startedWithDisk(DISK), SIZES);
        try {
            List<QueueKey> keys = IntStream.range(0, FUNCTIONS)
                    .mapToObj(i -> new QueueKey(new FunctionKey("team" + i % 10, "function" + i), "uid-" + i))
                    .toList();

            forEach(keys, key -> {
                for (int i = 0; i < EVENTS; i++) {
                    String id = key.uid() + "/" + i;
                    patiently(() -> queues.queue.publish(event(id, key, id)));
                }
            });

            patiently(() -> assertThat(queues.queue.backlogs())
                    .hasSize(FUNCTIONS)
                    .allSatisfy((place, events) -> assertThat(events).isEqualTo(EVENTS)));
            forEach(keys, key -> {
                Set<String> settled = new HashSet<>();
                while (settled.size() < EVENTS) {
                    patiently(() -> queues.settle(queues.place(key), EVENTS, settled));
                }
                assertThat(settled).containsOnly(key.uid() + "/0", key.uid() + "/1", key.uid() + "/2");
            });
            patiently(() -> assertThat(queues.queue.backlogs()).isEmpty());
            assertThat(consumers(queues)).isEqualTo(FUNCTIONS);
            forEach(keys, key -> patiently(() -> queues.queue.close(queues.place(key))));
            assertThat(consumers(queues)).isZero();
            assertThat(queues.management().getStreamNames()).hasSize(SIZES.partitions());
        } finally {
            queues.close();
        }
    }

    private static long consumers(Queues queues) throws Exception {
        return queues.management().getStreams().stream()
                .map(StreamInfo::getStreamState)
                .mapToLong(state -> state.getConsumerCount())
                .sum();
    }

    private interface Call {
        void run() throws Exception;
    }

    /** As a gateway does: a server that is asked for much at once may not answer in time. */
    private static void patiently(Call call) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                call.run();
                return;
            } catch (QueueException e) {
                if (tries == TRIES) {
                    throw e;
                }
                Thread.sleep(500);
            }
        }
    }

    private interface Work {
        void on(QueueKey key) throws Exception;
    }

    private static void forEach(List<QueueKey> keys, Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<QueueKey>> each = new ArrayList<>();
            keys.forEach(key -> each.add(() -> {
                work.on(key);
                return key;
            }));
            for (Future<QueueKey> done : threads.invokeAll(each)) {
                done.get();
            }
        }
    }
}
