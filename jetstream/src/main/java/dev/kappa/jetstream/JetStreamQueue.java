package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A work-queue stream {@code kappa-events_<namespace>_<function>} for each function, bounded in bytes on its own. */
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
    private final List<Consumer<FunctionKey>> listeners = new CopyOnWriteArrayList<>();

    /**
     * The queue.
     *
     * @param link to NATS
     * @param monitor address of the servers' monitoring port
     * @param maxBytes of each function's stream, reserved on the disk
     */
    public JetStreamQueue(NatsLink link, URI monitor, long maxBytes) {
        this.link = link;
        this.synced = new SyncedWrites(monitor, link);
        this.maxBytes = maxBytes;
        this.streams = new Streams(link, this::announce);
        link.onConnected(this::listen);
        // What was asked of the server before it went is not answered any more.
        link.onConnected(connection -> running.forEach(JetStreamQueue::end));
    }

    @Override
    public void publish(AsyncEvent event) throws QueueException {
        synced.require();
        FunctionKey function = event.version().functionKey();
        PublishOptions options = PublishOptions.builder()
                .messageId(event.requestId())
                .expectedStream(name(function))
                .build();
        QueueException last = new QueueException("The event was not accepted; try again.");
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                streams.use(
                        configuration(function, SUBJECT),
                        connection -> connection
                                .jetStream(NatsLink.JETSTREAM)
                                .publish(subject(function), EventCodec.headers(event), event.payload(), options));
                return;
            } catch (JetStreamApiException e) {
                throw notKept(function, e);
            } catch (IOException | IllegalStateException e) {
                // No answer: the same id is asked for again, and counts once.
                last = NatsLink.refused("did not acknowledge the event", e);
            }
            pause();
        }
        throw last;
    }

    @Override
    public List<FunctionKey> functions() throws QueueException {
        try {
            return link.connection().jetStreamManagement(NatsLink.JETSTREAM).getStreamNames(SUBJECT + ">").stream()
                    .filter(name -> name.startsWith(STREAM))
                    .map(JetStreamQueue::function)
                    .toList();
        } catch (IOException | JetStreamApiException e) {
            throw NatsLink.refused("does not list its streams", e);
        }
    }

    @Override
    public void onCreated(Consumer<FunctionKey> created) {
        listeners.add(created);
    }

    @Override
    public Deliveries open(FunctionKey function) throws QueueException {
        try {
            return new JetStreamDeliveries(
                    link.connection()
                            .getStreamContext(name(function))
                            .createOrUpdateConsumer(ConsumerConfiguration.builder()
                                    .durable(CONSUMER)
                                    .ackPolicy(AckPolicy.Explicit)
                                    .ackWait(ACK_WAIT)
                                    .maxDeliver(-1)
                                    .maxAckPending(MAX_PENDING)
                                    .build()),
                    running);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not open the queue of " + function, e);
        }
    }

    /** Nothing can be written between the look whether it is empty and its end: it loses its subject first. */
    @Override
    public void drop(FunctionKey function) throws QueueException {
        try {
            JetStreamManagement management = link.connection().jetStreamManagement(NatsLink.JETSTREAM);
            streams.forget(name(function));
            management.updateStream(configuration(function, GONE));
            if (management.getStreamInfo(name(function)).getStreamState().getMsgCount() == 0) {
                management.deleteStream(name(function));
            } else {
                management.updateStream(configuration(function, SUBJECT));
            }
        } catch (IOException | JetStreamApiException e) {
            throw NatsLink.refused("does not drop the queue of " + function, e);
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

    private StreamConfiguration configuration(FunctionKey function, String prefix) {
        return StreamConfiguration.builder()
                .name(name(function))
                .description("Asynchronous events of function " + function)
                .subjects(prefix + function.namespace() + "." + function.name())
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
                            listeners.forEach(listener -> listener.accept(function(name)));
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

    private static String name(FunctionKey function) {
        return STREAM + function.namespace() + "_" + function.name();
    }

    private static String subject(FunctionKey function) {
        return SUBJECT + function.namespace() + "." + function.name();
    }

    /** Neither namespaces nor functions have an underscore in their names. */
    private static FunctionKey function(String stream) {
        String[] parts = stream.substring(STREAM.length()).split("_", 2);
        return new FunctionKey(parts[0], parts.length == 2 ? parts[1] : "");
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
