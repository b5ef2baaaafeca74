package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import io.nats.client.Connection;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A work-queue stream {@code kappa-events_<namespace>_<function>_<uid>} for each function, bounded in bytes on its own. Its
 * subject is {@code kappa.events.…}, and {@code kappa.gone.…} once the function is gone, so that nothing is added to it.
 */
public final class JetStreamQueue implements EventQueue {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamQueue.class);
    private static final String STREAM = "kappa-events_";
    private static final String SUBJECT = "kappa.events.";
    private static final String GONE = "kappa.gone.";
    private static final String CREATED = "kappa.notice.created";
    private static final String CONSUMER = "drain";
    private static final int TRIES = 3;
    private static final long PAUSE_MS = 150;
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final Duration DEDUPLICATION = Duration.ofMinutes(2);
    private static final long MAX_PENDING = 1_000_000;
    private static final Set<Integer> FULL = Set.of(10077, 10122);
    private static final Set<Integer> NO_ROOM = Set.of(10023, 10028, 10047);

    private final NatsLink link;
    private final SyncedWrites synced;
    private final long maxBytes;
    private final Streams streams;
    private final Set<FetchConsumer> running = ConcurrentHashMap.newKeySet();
    private final List<Consumer<QueueKey>> listeners = new CopyOnWriteArrayList<>();

    /**
     * The queue.
     *
     * @param link to NATS
     * @param maxBytes of each function's stream, reserved on the disk
     */
    public JetStreamQueue(NatsLink link, long maxBytes) {
        this.link = link;
        this.synced = new SyncedWrites(link);
        this.maxBytes = maxBytes;
        this.streams = new Streams(link, this::announce);
        link.onConnected(this::listen);
        // What was asked of the server before it went is not answered any more.
        link.onConnected(connection -> running.forEach(JetStreamQueue::end));
    }

    @Override
    public void publish(AsyncEvent event) throws QueueException {
        synced.require();
        QueueKey queue = event.queue();
        PublishOptions options = PublishOptions.builder()
                .messageId(event.requestId())
                .expectedStream(name(queue))
                .build();
        QueueException last = new QueueException("The event was not accepted; try again.");
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                streams.use(
                        configuration(queue),
                        connection -> connection
                                .jetStream(NatsLink.JETSTREAM)
                                .publish(subject(SUBJECT, queue), EventCodec.headers(event), event.payload(), options));
                return;
            } catch (JetStreamApiException e) {
                throw notKept(queue.function(), e);
            } catch (IOException | IllegalStateException e) {
                // No answer: the same id is asked for again, and counts once.
                last = NatsLink.refused("did not acknowledge the event", e);
            }
            pause();
        }
        throw last;
    }

    @Override
    public List<QueueKey> queues() throws QueueException {
        try {
            JetStreamManagement management = link.connection().jetStreamManagement(NatsLink.JETSTREAM);
            return Stream.of(management.getStreamNames(SUBJECT + ">"), management.getStreamNames(GONE + ">"))
                    .flatMap(List::stream)
                    .filter(name -> name.startsWith(STREAM))
                    .map(JetStreamQueue::key)
                    .toList();
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not list its streams", e);
        }
    }

    @Override
    public void onCreated(Consumer<QueueKey> created) {
        listeners.add(created);
    }

    @Override
    public Deliveries open(QueueKey queue) throws QueueException {
        try {
            return new JetStreamDeliveries(
                    queue,
                    link.connection()
                            .getStreamContext(name(queue))
                            .createOrUpdateConsumer(ConsumerConfiguration.builder()
                                    .durable(CONSUMER)
                                    .ackPolicy(AckPolicy.Explicit)
                                    .ackWait(ACK_WAIT)
                                    .maxDeliver(-1)
                                    .maxAckPending(MAX_PENDING)
                                    .build()),
                    running);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not open the queue of " + queue, e);
        }
    }

    /** The subject goes first, so that nothing is written between the look whether it is empty and its end. */
    @Override
    public void drop(QueueKey queue) throws QueueException {
        try {
            JetStreamManagement management = link.connection().jetStreamManagement(NatsLink.JETSTREAM);
            StreamConfiguration there = management.getStreamInfo(name(queue)).getConfiguration();
            String gone = subject(GONE, queue);
            if (!there.getSubjects().equals(List.of(gone))) {
                management.updateStream(
                        StreamConfiguration.builder(there).subjects(gone).build());
            }
            if (management.getStreamInfo(name(queue)).getStreamState().getMsgCount() == 0) {
                management.deleteStream(name(queue));
            }
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not drop the queue of " + queue, e);
        } finally {
            streams.forget(name(queue));
        }
    }

    /** Tells all gateways of a queue, so that its owner need not look for it. */
    private void announce(StreamConfiguration stream) {
        try {
            link.connection().publish(CREATED, stream.getName().getBytes(StandardCharsets.UTF_8));
        } catch (QueueException | IllegalStateException e) {
            LOG.debug("Owners find the stream {} by themselves: {}", stream.getName(), e.getMessage());
        }
    }

    private StreamConfiguration configuration(QueueKey queue) {
        return StreamConfiguration.builder()
                .name(name(queue))
                .description("Asynchronous events of function " + queue)
                .subjects(subject(SUBJECT, queue))
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .maxBytes(maxBytes)
                .storageType(StorageType.File)
                .replicas(link.replicas())
                .duplicateWindow(DEDUPLICATION)
                .build();
    }

    private QueueException notKept(FunctionKey function, JetStreamApiException e) {
        String why = e.getErrorDescription();
        if (FULL.contains(e.getApiErrorCode())) {
            why = "its queue is full (the chart's value async.queueSize, " + (maxBytes >> 20)
                    + " MiB); let it drain, or raise that";
        } else if (NO_ROOM.contains(e.getApiErrorCode())) {
            why = "the event queue (NATS) has no room left on its disk; let it drain, or raise nats.storage.size";
        }
        return new QueueException("The event of function " + function + " was not accepted: " + why + ".", e);
    }

    private void listen(Connection connection) {
        // After a reconnection the client's own subscription is still there.
        if (connection.getStatistics().getReconnects() == 0) {
            connection
                    .createDispatcher(message -> {
                        String name = new String(message.getData(), StandardCharsets.UTF_8);
                        if (name.startsWith(STREAM)) {
                            listeners.forEach(listener -> listener.accept(key(name)));
                        }
                    })
                    .subscribe(CREATED);
        }
    }

    private static void end(FetchConsumer fetch) {
        try {
            fetch.close();
        } catch (Exception e) {
            LOG.debug("A fetch ends by itself: {}", e.toString());
        }
    }

    private static String name(QueueKey queue) {
        FunctionKey function = queue.function();
        String name = STREAM + function.namespace() + "_" + function.name();
        return queue.uid().isEmpty() ? name : name + "_" + queue.uid();
    }

    private static String subject(String prefix, QueueKey queue) {
        FunctionKey function = queue.function();
        String subject = prefix + function.namespace() + "." + function.name();
        return queue.uid().isEmpty() ? subject : subject + "." + queue.uid();
    }

    /** Neither namespaces nor functions nor uids have an underscore in them. */
    private static QueueKey key(String stream) {
        String[] parts = stream.substring(STREAM.length()).split("_", 3);
        return new QueueKey(
                new FunctionKey(parts[0], parts.length > 1 ? parts[1] : ""), parts.length > 2 ? parts[2] : "");
    }

    private static void pause() throws QueueException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueException("interrupted", e);
        }
    }
}
