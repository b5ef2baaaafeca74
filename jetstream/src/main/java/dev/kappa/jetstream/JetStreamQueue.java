package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamState;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work-queue streams, each of which holds the events of many functions: a fixed number of them. A function that has events has a
 * consumer of its own, so that no other one's are in its way, and a bound in bytes.
 */
public final class JetStreamQueue implements EventQueue {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamQueue.class);
    private static final String EVENTS = "kappa.notice.events";
    private static final long LEGACY_NS = Duration.ofSeconds(10).toNanos();
    private static final long OPEN_NS = Duration.ofMinutes(1).toNanos();
    private static final Set<Integer> FULL = Set.of(10077, 10122);
    /** There is no such stream or consumer. */
    private static final Set<Integer> GONE = Set.of(10059, 10014);

    private static final Set<Integer> NO_ROOM = Set.of(10023, 10028, 10047);

    private final NatsLink link;
    private final SyncedWrites synced;
    private final QueueSizes sizes;
    private final Partitions partitions;
    private final Streams streams;
    private final LegacyQueues legacy;
    private final PartitionLevels levels = new PartitionLevels();
    private final Map<QueueKey, QueueAccount> accounts = new ConcurrentHashMap<>();
    private final Set<FetchConsumer> running = ConcurrentHashMap.newKeySet();
    private final List<Consumer<QueuePlace>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean unreserved = new AtomicBoolean();
    private volatile boolean hasLegacy = true;
    private volatile long legacyAt = System.nanoTime();
    private volatile long openAt = System.nanoTime();

    /**
     * The queue.
     *
     * @param link to NATS
     * @param sizes how large queues may become
     */
    public JetStreamQueue(NatsLink link, QueueSizes sizes) {
        this.link = link;
        this.synced = new SyncedWrites(link);
        this.sizes = sizes;
        this.partitions = new Partitions(sizes, link.replicas());
        this.streams = new Streams(link);
        this.legacy = new LegacyQueues(link);
        link.onConnected(this::listen);
        // What was asked of the server before it went is not answered any more.
        link.onConnected(connection -> running.forEach(JetStreamQueue::end));
    }

    @Override
    public void publish(AsyncEvent event) throws QueueException {
        synced.require();
        QueuePlace place = partitions.place(event.queue());
        Headers headers = EventCodec.headers(event);
        EventSize size = EventSize.of(headers.serializedLength() + event.payload().length);
        QueueAccount account =
                accounts.computeIfAbsent(event.queue(), queue -> new QueueAccount(sizes, System::nanoTime));
        Optional<String> refusal = account.admit(size.bytes(), () -> level(place));
        if (refusal.isPresent()) {
            throw notKept(event.queue().function(), refusal.get(), null);
        }
        try {
            write(event, headers, place, Partitions.subject(place, size), account);
        } finally {
            account.written(size.bytes());
        }
    }

    private void write(AsyncEvent event, Headers headers, QueuePlace place, String subject, QueueAccount account)
            throws QueueException {
        PublishOptions options = PublishOptions.builder()
                // One id may go to two functions, and both may be in this stream.
                .messageId(Partitions.consumerName(place.queue()) + "/" + event.requestId())
                .expectedStream(place.stream())
                .build();
        try {
            // The same id is asked for again, and counts once.
            Retries.few(
                    "did not acknowledge the event", () -> written(event, headers, place, subject, account, options));
        } catch (JetStreamApiException e) {
            throw notKept(event.queue().function(), words(e), e);
        }
    }

    private PublishAck written(
            AsyncEvent event,
            Headers headers,
            QueuePlace place,
            String subject,
            QueueAccount account,
            PublishOptions options)
            throws QueueException, IOException, JetStreamApiException {
        try {
            return streams.use(partitions.stream(place.stream()), connection -> {
                if (account.isNoticeDue()) {
                    connection.publish(EVENTS, subject.getBytes(StandardCharsets.UTF_8));
                }
                return connection.jetStream(NatsLink.JETSTREAM).publish(subject, headers, event.payload(), options);
            });
        } catch (JetStreamApiException e) {
            if (NO_ROOM.contains(e.getApiErrorCode()) && unreserved()) {
                throw new IOException(e);
            }
            throw e;
        }
    }

    @Override
    public Map<QueuePlace, Long> backlogs() throws QueueException {
        accounts.values().removeIf(QueueAccount::isUnused);
        accounts.values().forEach(QueueAccount::mark);
        try {
            PartitionLevels.All all = levels.all(management());
            accounts.forEach((queue, account) -> {
                QueuePlace place = partitions.place(queue);
                long bytes = all.queues()
                        .getOrDefault(place, PartitionLevels.Waiting.NONE)
                        .bytes();
                account.seen(new QueueAccount.Level(bytes, all.streamBytes().getOrDefault(place.stream(), 0L)));
            });
            Map<QueuePlace, Long> backlogs = new HashMap<>();
            all.queues().forEach((place, waiting) -> backlogs.put(place, waiting.events()));
            leftOpen(all.streamBytes().keySet()).forEach(place -> backlogs.putIfAbsent(place, 0L));
            backlogs.putAll(legacyBacklogs());
            return backlogs;
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not tell what is in its queues", e);
        }
    }

    /** Gateways that are killed or replaced leave consumers of empty queues behind, which cost the server memory. */
    private List<QueuePlace> leftOpen(Set<String> streams) throws QueueException, IOException, JetStreamApiException {
        if (System.nanoTime() - openAt < 0) {
            return List.of();
        }
        List<QueuePlace> open = new ArrayList<>();
        for (String stream : streams) {
            management()
                    .getConsumerNames(stream)
                    .forEach(name -> Partitions.place(stream, name).ifPresent(open::add));
        }
        openAt = System.nanoTime() + OPEN_NS;
        return open;
    }

    /** Once there are none, none come but from a gateway that has not been replaced yet. */
    private Map<QueuePlace, Long> legacyBacklogs() throws QueueException, IOException, JetStreamApiException {
        if (!hasLegacy && System.nanoTime() - legacyAt < 0) {
            return Map.of();
        }
        Map<QueuePlace, Long> backlogs = legacy.backlogs();
        hasLegacy = !backlogs.isEmpty();
        legacyAt = System.nanoTime() + LEGACY_NS;
        return backlogs;
    }

    @Override
    public void onEvents(Consumer<QueuePlace> listener) {
        listeners.add(listener);
    }

    @Override
    public Deliveries open(QueuePlace place) throws QueueException {
        try {
            ConsumerContext consumer = LegacyQueues.isLegacy(place.stream())
                    ? legacy.open(place)
                    : streams.use(
                            partitions.stream(place.stream()),
                            connection -> connection
                                    .getStreamContext(place.stream())
                                    .createOrUpdateConsumer(Partitions.consumer(place)));
            return new JetStreamDeliveries(place.queue(), consumer, running);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not open the queue of " + place, e);
        }
    }

    @Override
    public void close(QueuePlace place) throws QueueException {
        try {
            if (LegacyQueues.isLegacy(place.stream())) {
                legacy.drop(place);
            } else if (PartitionLevels.one(management(), place).getSubjects().isEmpty()) {
                management().deleteConsumer(place.stream(), Partitions.consumerName(place.queue()));
            }
        } catch (JetStreamApiException e) {
            if (!GONE.contains(e.getApiErrorCode())) {
                throw NatsLink.refused("does not close the queue of " + place, e);
            }
        } catch (IOException | IllegalStateException e) {
            throw NatsLink.refused("does not close the queue of " + place, e);
        }
    }

    private QueueAccount.Level level(QueuePlace place) throws QueueException {
        try {
            Optional<StreamState> state = streams.find(
                    place.stream(),
                    connection -> PartitionLevels.one(connection.jetStreamManagement(NatsLink.JETSTREAM), place));
            return state.map(it -> new QueueAccount.Level(
                            PartitionLevels.waiting(it)
                                    .getOrDefault(place, PartitionLevels.Waiting.NONE)
                                    .bytes(),
                            it.getByteCount()))
                    .orElse(new QueueAccount.Level(0, 0));
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not tell the size of the queue of " + place, e);
        }
    }

    private JetStreamManagement management() throws QueueException, IOException {
        return link.connection().jetStreamManagement(NatsLink.JETSTREAM);
    }

    /** Whether there is more room than before: each function's stream of an earlier release had some for itself. */
    private boolean unreserved() throws QueueException {
        if (!unreserved.compareAndSet(false, true)) {
            return false;
        }
        try {
            return legacy.unreserve() > 0;
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            unreserved.set(false);
            throw NatsLink.refused("does not give back the room of streams of an earlier release", e);
        }
    }

    private String words(JetStreamApiException e) {
        if (FULL.contains(e.getApiErrorCode())) {
            return "the queues of several functions fill their partition (the chart's value async.partitionSize, "
                    + (sizes.partitionBytes() >> 20) + " MiB); let them drain, or raise that";
        }
        return NO_ROOM.contains(e.getApiErrorCode())
                ? "the event queue (NATS) has no room left on its disk; let it drain, or raise nats.storage.size"
                : e.getErrorDescription();
    }

    private static QueueException notKept(FunctionKey function, String why, @Nullable Exception cause) {
        String message = "The event of function " + function + " was not accepted: " + why + ".";
        return cause == null ? new QueueException(message) : new QueueException(message, cause);
    }

    private void listen(Connection connection) {
        // After a reconnection the client's own subscription is still there.
        if (connection.getStatistics().getReconnects() == 0) {
            connection
                    .createDispatcher(message -> Partitions.read(new String(message.getData(), StandardCharsets.UTF_8))
                            .ifPresent(named -> listeners.forEach(listener -> listener.accept(named.place()))))
                    .subscribe(EVENTS);
        }
    }

    private static void end(FetchConsumer fetch) {
        try {
            fetch.close();
        } catch (Exception e) {
            LOG.debug("A fetch ends by itself: {}", e.toString());
        }
    }
}
