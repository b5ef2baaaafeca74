package dev.kappa.sources.kafka;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which offset of a partition is to be committed, and when. */
@Timeout(60)
class PartitionReaderTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private PartitionReader reader(Function<List<SourceRecord>, Answer> function) {
        StreamPolicy policy = new StreamPolicy(
                BatchLimits.of(2, Duration.ZERO), 0, Optional.empty(), true, false, 1, Optional.empty());
        PartitionReader reader = new PartitionReader(
                "test",
                new StreamEngine(policy, RecordFilter.ALL, Checkpoint.at(""), Instant.MAX),
                new PartitionReader.Parts(
                        (batch, last) -> failures.add(batch.start()),
                        records -> new BatchRun(function.apply(records), "", "run", "1"),
                        InstantSource.system(),
                        timer),
                new Unheard());
        reader.start();
        return reader;
    }

    @Test
    void anOffsetIsCommittedOnceAllBeforeItIsDoneOrItsFailureIsKept() throws Exception {
        PartitionReader reader = reader(records -> {
            records.forEach(it -> ran.add(it.id()));
            return records.stream().anyMatch(it -> it.id().equals("12"))
                    ? new Answer.FunctionError("Unhandled")
                    : Answer.Success.PLAIN;
        });
        assertThat(reader.wantsRecords()).isTrue();

        // More than it asked for: a poll brings what it brings.
        reader.add(records(10, 18));

        assertThat(committed(reader, 19)).isEqualTo(19);
        assertThat(failures).containsExactly("12");
        assertThat(ran.stream().distinct()).containsExactly("10", "11", "12", "13", "14", "15", "16", "17", "18");
        reader.notCommitted(19);
        assertThat(reader.takeUncommitted()).hasValue(19);
        assertThat(reader.next()).hasValue(19);
    }

    @Test
    void nothingIsCommittedWhileItsRunIsOutAndAPartitionThatStopsIsOverOnceItEnded() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        PartitionReader reader = reader(records -> {
            records.forEach(it -> ran.add(it.id()));
            await(end);
            return Answer.Success.PLAIN;
        });
        reader.add(records(0, 3));
        assertThat(ran.take()).isEqualTo("0");

        reader.stop();
        assertThat(reader.isOver()).isFalse();
        assertThat(reader.takeUncommitted()).isEmpty();
        end.countDown();

        assertThat(committed(reader, 2)).isEqualTo(2);
        while (!reader.isOver()) {
            Thread.onSpinWait();
        }
        assertThat(ran).containsExactly("1");
    }

    @Test
    void ofAPartitionThatAnotherHasNothingIsCommitted() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        PartitionReader reader = reader(records -> {
            ran.add(records.getFirst().id());
            await(end);
            return Answer.Success.PLAIN;
        });
        reader.add(records(0, 3));
        assertThat(ran.take()).isEqualTo("0");

        reader.lose();
        end.countDown();
        while (!reader.isOver()) {
            Thread.onSpinWait();
        }

        assertThat(reader.takeUncommitted()).isEmpty();
        reader.notCommitted(1);
        assertThat(reader.takeUncommitted()).isEmpty();
        assertThat(ran).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long committed(PartitionReader reader, long until) {
        long last = -1;
        while (last < until) {
            OptionalLong taken = reader.takeUncommitted();
            if (taken.isPresent()) {
                assertThat(taken.getAsLong()).isGreaterThan(last);
                last = taken.getAsLong();
            }
        }
        return last;
    }

    private static List<SourceRecord> records(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(it -> SourceRecord.of(String.valueOf(it), "", Instant.now(), "{}", ""))
                .toList();
    }

    private static final class Unheard implements Signals {
        @Override
        public void received(int records) {}

        @Override
        public void refused(SourceProblemException problem) {}

        @Override
        public void lost(SourceProblemException problem) {}

        @Override
        public void ended(BatchRun run, int records) {}
    }
}
