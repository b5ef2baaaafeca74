package dev.kappa.sources.kafka;

import dev.kappa.api.v1alpha1.EventSourceSpec;
import dev.kappa.sources.work.SourceProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits where a group begins with a topic that it does not know, before it joins: what comes meanwhile is none of the old
 * records then, and a partition that is added later is read from its beginning.
 */
final class StartOffsets {
    private final Consumer<byte[], byte[]> consumer;
    private final EventSourceSpec spec;
    private final Duration patience;

    StartOffsets(Consumer<byte[], byte[]> consumer, EventSourceSpec spec, Duration patience) {
        this.consumer = consumer;
        this.spec = spec;
        this.patience = patience;
    }

    void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (String topic : spec.kafka.topics) {
            Set<TopicPartition> partitions = partitions(topic);
            if (consumer.committed(partitions, patience).values().stream().allMatch(it -> it == null)) {
                starts(partitions).forEach((partition, at) -> offsets.put(partition, new OffsetAndMetadata(at)));
            }
        }
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets, patience);
        }
    }

    private Set<TopicPartition> partitions(String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic, patience);
        if (found == null || found.isEmpty()) {
            throw new SourceProblemException(
                    "TopicNotFound",
                    "spec.kafka.topics: the topic " + topic + " does not exist at "
                            + String.join(",", spec.kafka.bootstrapServers)
                            + "; create it, or correct spec.kafka.topics or .bootstrapServers.");
        }
        Set<TopicPartition> partitions = new HashSet<>();
        found.forEach(it -> partitions.add(new TopicPartition(it.topic(), it.partition())));
        return partitions;
    }

    private Map<TopicPartition, Long> starts(Set<TopicPartition> partitions) {
        if ("Earliest".equals(spec.startingPosition)) {
            return consumer.beginningOffsets(partitions, patience);
        }
        Map<TopicPartition, Long> starts = new HashMap<>(consumer.endOffsets(partitions, patience));
        if (spec.startingTime != null) {
            long time = Instant.parse(spec.startingTime).toEpochMilli();
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(it -> times.put(it, time));
            for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                    consumer.offsetsForTimes(times, patience).entrySet()) {
                if (found.getValue() != null) {
                    starts.put(found.getKey(), found.getValue().offset());
                }
            }
        }
        return starts;
    }
}
