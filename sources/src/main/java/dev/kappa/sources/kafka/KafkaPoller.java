package dev.kappa.sources.kafka;

import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.work.Poller;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a source's consumer group. One thread alone asks Kafka, and does so while functions run, so that a function may
 * take longer than a rebalance; what it fetches goes to the reader of its partition, and offsets are committed once their
 * records are done.
 */
final class KafkaPoller implements Poller {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaPoller.class);
    /** While functions run, fetches and commits may be due at any time; only this thread may ask for them. */
    private static final Duration BUSY = Duration.ofMillis(10);

    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_MS = 10;

    private final String name;
    private final Consumer<byte[], byte[]> consumer;
    private final Parts parts;
    private final Signals signals;
    private final Map<TopicPartition, PartitionReader> readers = new HashMap<>();
    private final List<PartitionReader> leaving = new ArrayList<>();
    private final Rebalances rebalances = new Rebalances();
    private long lagAt = System.nanoTime();
    private boolean started;
    private volatile boolean stopping;
    private volatile boolean over;

    /**
     * What it works with.
     *
     * @param topics to read
     * @param filtered whether filters look at records
     * @param readers makes the reader of a partition
     * @param problem tells what keeps it from the topics
     */
    record Parts(
            List<String> topics,
            boolean filtered,
            Function<TopicPartition, PartitionReader> readers,
            Function<RuntimeException, SourceProblemException> problem) {}

    KafkaPoller(String name, Consumer<byte[], byte[]> consumer, Parts parts, Signals signals) {
        this.name = name;
        this.consumer = consumer;
        this.parts = parts;
        this.signals = signals;
    }

    @Override
    public synchronized void start() {
        started = true;
        Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    @Override
    public synchronized void stop() {
        stopping = true;
        if (!started) {
            started = true;
            close();
        }
    }

    @Override
    public boolean isOver() {
        return over;
    }

    private void run() {
        try {
            consumer.subscribe(parts.topics(), rebalances);
            while (!stopping || !areOver()) {
                turn();
            }
            long until = System.nanoTime() + ANSWER.toNanos();
            while (readers.values().stream().anyMatch(PartitionReader::isUncommitted) && System.nanoTime() < until) {
                turn();
            }
        } catch (RuntimeException e) {
            LOG.warn("{} leaves its group and begins again: {}", name, e.toString());
            signals.lost(parts.problem().apply(e));
        } finally {
            close();
        }
    }

    /** What is to be given back runs to its end, or is another's after a while; then it is told so. */
    private void close() {
        readers.values().forEach(PartitionReader::lose);
        leaving.addAll(readers.values());
        readers.clear();
        try {
            consumer.close(CloseOptions.timeout(ANSWER));
        } catch (RuntimeException e) {
            LOG.warn("{} is not closed in good order: {}", name, e.toString());
        }
        try {
            while (!leaving.stream().allMatch(PartitionReader::isOver)) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        over = true;
    }

    private PartitionReader reader(TopicPartition partition) {
        return Objects.requireNonNull(readers.get(partition));
    }

    private boolean areOver() {
        return readers.values().stream().allMatch(PartitionReader::isOver);
    }

    private void turn() {
        if (stopping) {
            readers.values().forEach(PartitionReader::stop);
        }
        leaving.removeIf(PartitionReader::isOver);
        Set<TopicPartition> paused = new HashSet<>(consumer.assignment());
        paused.removeIf(it -> readers.containsKey(it) && reader(it).wantsRecords());
        Set<TopicPartition> resumed = new HashSet<>(consumer.assignment());
        resumed.removeAll(paused);
        consumer.pause(paused);
        consumer.resume(resumed);
        boolean busy = stopping || readers.values().stream().anyMatch(PartitionReader::isBusy);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(busy ? BUSY : IDLE);
        for (TopicPartition partition : records.partitions()) {
            List<SourceRecord> found = records.records(partition).stream()
                    .map(it -> KafkaRecords.of(it, parts.filtered()))
                    .toList();
            signals.received(found.size());
            reader(partition).add(found);
        }
        commit();
        tellLag();
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        readers.forEach((partition, reader) ->
                reader.takeUncommitted().ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset))));
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, ANSWER);
        } catch (CommitFailedException e) {
            // Out of the group: the next poll tells which partitions are lost.
            LOG.warn("{}: {}", name, e.getMessage());
        } catch (RebalanceInProgressException | RetriableException e) {
            LOG.debug("{}: offsets are committed a moment later: {}", name, e.getMessage());
            offsets.forEach((partition, offset) -> reader(partition).notCommitted(offset.offset()));
        }
    }

    private void tellLag() {
        if (System.nanoTime() < lagAt || readers.isEmpty() || stopping) {
            return;
        }
        try {
            long lag = 0;
            for (Map.Entry<TopicPartition, Long> end :
                    consumer.endOffsets(readers.keySet(), ANSWER).entrySet()) {
                OptionalLong next = reader(end.getKey()).next();
                long done = next.isPresent() ? next.getAsLong() : consumer.position(end.getKey(), ANSWER);
                lag += Math.max(0, end.getValue() - done);
            }
            signals.received(0);
            signals.lags(lag);
        } catch (RetriableException e) {
            signals.refused(parts.problem().apply(e));
        }
        lagAt = System.nanoTime() + LAG_NANOS;
    }

    /** Called while the thread polls, or closes the consumer. */
    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("{} reads {}", name, partitions);
            for (TopicPartition partition : partitions) {
                PartitionReader reader = parts.readers().apply(partition);
                readers.put(partition, reader);
                reader.start();
            }
        }

        /** Batches that run may end, and are committed, before others run what follows. */
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            LOG.info("{} gives {} back", name, partitions);
            List<PartitionReader> revoked = partitions.stream()
                    .filter(readers::containsKey)
                    .map(KafkaPoller.this::reader)
                    .toList();
            revoked.forEach(PartitionReader::stop);
            long until = System.nanoTime() + DRAIN_NANOS;
            try {
                while (!revoked.stream().allMatch(PartitionReader::isOver) && System.nanoTime() < until) {
                    Thread.sleep(LOOK_MS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            commit();
            drop(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.warn("{} lost {} to other members of its group", name, partitions);
            drop(partitions);
        }

        private void drop(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                PartitionReader reader = readers.remove(partition);
                if (reader != null) {
                    reader.lose();
                    leaving.add(reader);
                }
            }
        }
    }
}
