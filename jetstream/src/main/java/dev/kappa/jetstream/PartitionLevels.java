package dev.kappa.jetstream;

import dev.kappa.stores.events.QueuePlace;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads how many events, and bytes of them, each queue has in the partitions. */
final class PartitionLevels {
    private final Map<String, Listed> listed = new ConcurrentHashMap<>();

    /** Events of one queue. */
    record Waiting(long events, long bytes) {
        static final Waiting NONE = new Waiting(0, 0);

        private Waiting plus(Waiting other) {
            return new Waiting(events + other.events, bytes + other.bytes);
        }
    }

    /** What all partitions hold. */
    record All(Map<QueuePlace, Waiting> queues, Map<String, Long> streamBytes) {}

    /** Nothing was added or taken away since, if neither number changed. */
    private record Listed(ZonedDateTime created, long messages, long lastSequence, Map<QueuePlace, Waiting> queues) {
        boolean isOf(StreamInfo now) {
            return created.equals(now.getCreateTime())
                    && messages == now.getStreamState().getMsgCount()
                    && lastSequence == now.getStreamState().getLastSequence();
        }
    }

    /** One call, and one more for each partition that changed. */
    All all(JetStreamManagement management) throws IOException, JetStreamApiException {
        Map<QueuePlace, Waiting> queues = new HashMap<>();
        Map<String, Long> bytes = new HashMap<>();
        for (StreamInfo stream : management.getStreams(Partitions.ALL)) {
            String name = stream.getConfiguration().getName();
            if (Partitions.isPartition(name)) {
                bytes.put(name, stream.getStreamState().getByteCount());
                queues.putAll(queues(management, stream));
            }
        }
        listed.keySet().retainAll(bytes.keySet());
        return new All(queues, bytes);
    }

    private Map<QueuePlace, Waiting> queues(JetStreamManagement management, StreamInfo now)
            throws IOException, JetStreamApiException {
        String stream = now.getConfiguration().getName();
        @Nullable Listed known = listed.get(stream);
        if (known == null || !known.isOf(now)) {
            StreamInfo info = now.getStreamState().getMsgCount() == 0
                    ? now
                    : management.getStreamInfo(stream, StreamInfoOptions.allSubjects());
            StreamState state = info.getStreamState();
            known = new Listed(info.getCreateTime(), state.getMsgCount(), state.getLastSequence(), waiting(state));
            listed.put(stream, known);
        }
        return known.queues();
    }

    /** What one queue has in one partition, and its level. */
    static StreamState one(JetStreamManagement management, QueuePlace place) throws IOException, JetStreamApiException {
        return management
                .getStreamInfo(place.stream(), StreamInfoOptions.filterSubjects(Partitions.filter(place)))
                .getStreamState();
    }

    static Map<QueuePlace, Waiting> waiting(StreamState state) {
        Map<QueuePlace, Waiting> queues = new HashMap<>();
        if (state.getSubjects() != null) {
            state.getSubjects()
                    .forEach(subject -> Partitions.read(subject.getName())
                            .ifPresent(named -> queues.merge(
                                    named.place(),
                                    new Waiting(subject.getCount(), subject.getCount() * named.bytes()),
                                    Waiting::plus)));
        }
        return queues;
    }
}
