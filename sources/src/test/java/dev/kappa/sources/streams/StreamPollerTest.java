package dev.kappa.sources.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.MemoryKeys;
import dev.kappa.sources.batch.Answer;
import dev.kappa.sources.batch.BatchLimits;
import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.batch.RecordFilter;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.batch.StreamEngine;
import dev.kappa.sources.batch.StreamPolicy;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written down of a shard, and when. */
@Timeout(60)
class StreamPollerTest {
    private final MemoryKeys keys = new MemoryKeys();
    private final CheckpointStore checkpoints = new CheckpointStore(keys, "nats.1", "a");
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    private final CountDownLatch lost = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private StreamPoller poller(int retries, Function<List<SourceRecord>, Answer> function) throws IOException {
        String position = checkpoints.read().orElse("");
        StreamPolicy policy = new StreamPolicy(
                BatchLimits.of(2, Duration.ZERO), retries, Optional.empty(), true, false, 1, Optional.empty());
        return new StreamPoller(
                "test",
                new StreamEngine(policy, RecordFilter.ALL, Checkpoint.at(position), Instant.MAX),
                new StreamPoller.Parts(
                        new Numbers(),
                        checkpoints,
                        (batch, last) -> failures.add(batch.start() + " " + last.requestId()),
                        records -> new BatchRun(function.apply(records), "", "run", "1"),
                        e -> new SourceProblemException("Unreachable", String.valueOf(e.getMessage())),
                        InstantSource.system(),
                        timer),
                new Heard());
    }

    @Test
    void theCheckpointPassesWhatFailedOnceItsRecordIsStored() throws Exception {
        StreamPoller poller = poller(0, records -> {
            if (records.stream().anyMatch(it -> it.id().equals("3"))) {
                return new Answer.FunctionError("Unhandled");
            }
            records.forEach(it -> ran.add(it.id()));
            return Answer.Success.PLAIN;
        });

        poller.start();

        for (String id : List.of("1", "2", "4", "5", "6")) {
            assertThat(ran.take()).isEqualTo(id);
        }
        assertThat(failures.take()).isEqualTo("3 run");
        while (!new CheckpointStore(keys, "nats.1", "a").read().equals(Optional.of("6"))) {
            Thread.onSpinWait();
        }
        poller.stop();
        closed.await();
        assertThat(poller.isOver()).isTrue();
    }

    @Test
    void whatDoesNotRunIsNotPassed() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        StreamPoller poller = poller(0, records -> {
            tried.countDown();
            return new Answer.NotRun("no function");
        });

        poller.start();
        tried.await();
        poller.stop();
        closed.await();

        assertThat(new CheckpointStore(keys, "nats.1", "a").read()).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void whoDoesNotKnowTheCheckpointEnds() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        StreamPoller poller = poller(-1, records -> {
            ran.add(records.getFirst().id());
            try {
                first.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Answer.Success.PLAIN;
        });
        poller.start();
        assertThat(ran.take()).isEqualTo("1");
        CheckpointStore other = new CheckpointStore(keys, "nats.1", "a");
        assertThat(other.read()).isEmpty();
        assertThat(other.write("4")).isTrue();

        first.countDown();

        lost.await();
        closed.await();
        assertThat(new CheckpointStore(keys, "nats.1", "a").read()).contains("4");
    }

    /** Six records, and no more. */
    private final class Numbers implements Shard {
        @Override
        public List<SourceRecord> fetch(String after, int most) {
            int from = after.isEmpty() ? 1 : Integer.parseInt(after) + 1;
            if (from > 6) {
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return IntStream.rangeClosed(from, Math.min(6, from + most - 1))
                    .mapToObj(it -> SourceRecord.of(String.valueOf(it), "", Instant.now(), "{}", ""))
                    .toList();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private final class Heard implements Signals {
        @Override
        public void received(int records) {}

        @Override
        public void refused(SourceProblemException problem) {}

        @Override
        public void lost(SourceProblemException problem) {
            lost.countDown();
        }

        @Override
        public void ended(BatchRun run, int records) {}
    }
}
