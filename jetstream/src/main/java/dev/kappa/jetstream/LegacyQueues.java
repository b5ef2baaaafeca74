package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import io.nats.client.ConsumerContext;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams {@code kappa-events_<namespace>_<function>_<uid>} of earlier releases, one for each function: their events are
 * handed out to the end, nothing is added, and they are deleted once they are empty.
 */
final class LegacyQueues {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyQueues.class);
    private static final String STREAM = "kappa-events_";
    private static final String SUBJECT = "kappa.events.";
    private static final String GONE = "kappa.gone.";
    private static final String CONSUMER = "drain";
    private static final long UNLIMITED = -1;

    private final NatsLink link;

    LegacyQueues(NatsLink link) {
        this.link = link;
    }

    static boolean isLegacy(String stream) {
        return stream.startsWith(STREAM);
    }

    /** All of them, the empty ones too, with the number of their events. */
    Map<QueuePlace, Long> backlogs() throws QueueException, IOException, JetStreamApiException {
        Map<QueuePlace, Long> backlogs = new HashMap<>();
        for (StreamInfo stream : streams()) {
            String name = stream.getConfiguration().getName();
            backlogs.put(
                    new QueuePlace(key(name), name), stream.getStreamState().getMsgCount());
        }
        return backlogs;
    }

    ConsumerContext open(QueuePlace place) throws QueueException, IOException, JetStreamApiException {
        return link.connection()
                .getStreamContext(place.stream())
                .createOrUpdateConsumer(
                        Partitions.handingOut().durable(CONSUMER).build());
    }

    /** The subject goes first, so that nothing is written between the look whether it is empty and its end. */
    void drop(QueuePlace place) throws QueueException, IOException, JetStreamApiException {
        JetStreamManagement management = management();
        String name = place.stream();
        StreamConfiguration there = management.getStreamInfo(name).getConfiguration();
        String gone = gone(place.queue());
        if (!there.getSubjects().equals(List.of(gone))) {
            management.updateStream(
                    StreamConfiguration.builder(there).subjects(gone).build());
        }
        if (management.getStreamInfo(name).getStreamState().getMsgCount() == 0) {
            management.deleteStream(name);
            LOG.info("The stream {} of an earlier release is empty and was deleted", name);
        }
    }

    /**
     * Gives back the room on the disk that they reserved and do not use.
     *
     * @return how many reserved some
     */
    int unreserve() throws QueueException, IOException, JetStreamApiException {
        int reserved = 0;
        for (StreamInfo stream : streams()) {
            if (stream.getConfiguration().getMaxBytes() > 0) {
                reserved++;
                management()
                        .updateStream(StreamConfiguration.builder(stream.getConfiguration())
                                .maxBytes(UNLIMITED)
                                .build());
            }
        }
        if (reserved > 0) {
            LOG.warn("{} streams of an earlier release gave back the room that they had reserved", reserved);
        }
        return reserved;
    }

    private List<StreamInfo> streams() throws QueueException, IOException, JetStreamApiException {
        List<StreamInfo> streams = new ArrayList<>(management().getStreams(SUBJECT + ">"));
        streams.addAll(management().getStreams(GONE + ">"));
        streams.removeIf(stream -> !isLegacy(stream.getConfiguration().getName()));
        return streams;
    }

    private JetStreamManagement management() throws QueueException, IOException {
        return link.connection().jetStreamManagement(NatsLink.JETSTREAM);
    }

    private static String gone(QueueKey queue) {
        String subject =
                GONE + queue.function().namespace() + "." + queue.function().name();
        return queue.uid().isEmpty() ? subject : subject + "." + queue.uid();
    }

    /** Neither namespaces nor functions nor uids have an underscore in them. */
    private static QueueKey key(String stream) {
        String[] parts = stream.substring(STREAM.length()).split("_", 3);
        return new QueueKey(
                new FunctionKey(parts[0], parts.length > 1 ? parts[1] : ""), parts.length > 2 ? parts[2] : "");
    }
}
