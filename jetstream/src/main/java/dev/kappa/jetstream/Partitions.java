package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The streams {@code kappa-queue-<partition>}, which hold the events of all functions, and the names in them. An event's subject
 * is {@code kappa.queue.<partition>.<namespace>.<function>.<uid>.<size>}: since it tells the size, the server's count of messages
 * by subject tells the bytes of each function.
 */
final class Partitions {
    /** Matches the subjects of all events. */
    static final String ALL = "kappa.queue.>";

    private static final String STREAM = "kappa-queue-";
    private static final String SUBJECT = "kappa.queue.";
    private static final String NO_UID = "_";
    private static final int TOKENS = 7;
    private static final Duration DEDUPLICATION = Duration.ofMinutes(2);
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final long MAX_PENDING = 1_000_000;
    /** Longer than an event lives: its count of hand-outs, by which retries are told, goes with the consumer. */
    private static final Duration UNUSED = Duration.ofHours(24);

    private final QueueSizes sizes;
    private final int replicas;

    Partitions(QueueSizes sizes, int replicas) {
        this.sizes = sizes;
        this.replicas = replicas;
    }

    /** An event's subject, read. */
    record Named(QueuePlace place, long bytes) {}

    /** Where new events of a queue go: always to the same partition, as long as the number of them is the same. */
    QueuePlace place(QueueKey queue) {
        CRC32 hash = new CRC32();
        hash.update(path(queue).getBytes(StandardCharsets.UTF_8));
        return new QueuePlace(queue, STREAM + hash.getValue() % sizes.partitions());
    }

    StreamConfiguration stream(String name) {
        return StreamConfiguration.builder()
                .name(name)
                .description("Asynchronous events of functions, one subject a function and size")
                .subjects(SUBJECT + number(name) + ".>")
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .maxBytes(sizes.partitionBytes())
                .storageType(StorageType.File)
                .replicas(replicas)
                .duplicateWindow(DEDUPLICATION)
                .build();
    }

    static ConsumerConfiguration consumer(QueuePlace place) {
        return handingOut()
                .durable(consumerName(place.queue()))
                .filterSubject(filter(place))
                .inactiveThreshold(UNUSED)
                .build();
    }

    /** What all queues have in common. */
    static ConsumerConfiguration.Builder handingOut() {
        return ConsumerConfiguration.builder()
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ACK_WAIT)
                .maxDeliver(-1)
                .maxAckPending(MAX_PENDING);
    }

    static String consumerName(QueueKey queue) {
        return path(queue).replace('.', '_');
    }

    /** Whose consumer it is; neither namespaces nor functions have an underscore in them. */
    static Optional<QueuePlace> place(String stream, String consumer) {
        String[] parts = consumer.split("_", 3);
        return parts.length < 3
                ? Optional.empty()
                : Optional.of(new QueuePlace(queue(parts[0], parts[1], parts[2]), stream));
    }

    /** The subject of an event of so many bytes. */
    static String subject(QueuePlace place, EventSize size) {
        return prefix(place) + size.units();
    }

    /** Matches all events of a queue. */
    static String filter(QueuePlace place) {
        return prefix(place) + "*";
    }

    static boolean isPartition(String stream) {
        return stream.startsWith(STREAM);
    }

    /** Reads an event's subject; empty if it is none. */
    static Optional<Named> read(String subject) {
        String[] tokens = subject.split("\\.");
        @Nullable Long units = tokens.length == TOKENS && subject.startsWith(SUBJECT) ? number(tokens) : null;
        if (units == null) {
            return Optional.empty();
        }
        QueueKey queue = queue(tokens[3], tokens[4], tokens[5]);
        return Optional.of(new Named(new QueuePlace(queue, STREAM + tokens[2]), units * EventSize.UNIT));
    }

    private static QueueKey queue(String namespace, String function, String uid) {
        return new QueueKey(new FunctionKey(namespace, function), uid.equals(NO_UID) ? "" : uid);
    }

    private static @Nullable Long number(String[] tokens) {
        try {
            return Long.valueOf(tokens[TOKENS - 1]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String prefix(QueuePlace place) {
        return SUBJECT + number(place.stream()) + "." + path(place.queue()) + ".";
    }

    private static String number(String stream) {
        return stream.substring(STREAM.length());
    }

    private static String path(QueueKey queue) {
        return queue.function().namespace() + "." + queue.function().name() + "."
                + (queue.uid().isEmpty() ? NO_UID : queue.uid());
    }
}
