package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The key-value buckets {@code kappa-outcomes} and {@code kappa-attempts} under {@code <namespace>.<function>.<request id>}. */
public final class JetStreamOutcomeStore implements OutcomeStore {
    private static final String OUTCOMES = "kappa-outcomes";
    private static final String ATTEMPTS = "kappa-attempts";
    private static final int EXISTS = 10071;
    private static final int ATTEMPTS_SHARE = 8;

    private final NatsLink link;
    private final long maxBytes;
    private final Duration retention;
    private final Streams streams;

    /**
     * The store.
     *
     * @param link to NATS
     * @param maxBytes of all outcomes; the oldest give way
     * @param retention how long outcomes are kept; longer than any event lives
     */
    public JetStreamOutcomeStore(NatsLink link, long maxBytes, Duration retention) {
        this.link = link;
        this.maxBytes = maxBytes;
        this.retention = retention;
        this.streams = new Streams(link);
    }

    @Override
    public Optional<Outcome> find(FunctionKey function, String requestId) throws QueueException {
        return get(OUTCOMES, key(function, requestId)).map(entry -> read(entry, Outcome.class));
    }

    @Override
    public Outcome create(Outcome outcome) throws QueueException {
        FunctionKey function = new FunctionKey(outcome.namespace(), outcome.function());
        String key = key(function, outcome.requestId());
        byte[] value = Json.write(outcome);
        try {
            Retries.few(
                    "does not write the outcome " + key,
                    () -> streams.use(
                            configuration(OUTCOMES),
                            connection -> bucket(connection, OUTCOMES).create(key, value)));
            return outcome;
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != EXISTS) {
                throw NatsLink.refused("does not write the outcome " + key, e);
            }
            // Somebody else's, or that of a try whose answer got lost: then it says the same.
            return find(function, outcome.requestId()).orElse(outcome);
        }
    }

    @Override
    public void progress(Outcome outcome) throws QueueException {
        put(OUTCOMES, key(new FunctionKey(outcome.namespace(), outcome.function()), outcome.requestId()), outcome);
    }

    @Override
    public Attempts attempts(FunctionKey function, String requestId) throws QueueException {
        return get(ATTEMPTS, key(function, requestId))
                .map(entry -> read(entry, Attempts.class))
                .orElse(Attempts.NONE);
    }

    @Override
    public void failed(FunctionKey function, String requestId, Attempts attempts) throws QueueException {
        put(ATTEMPTS, key(function, requestId), attempts);
    }

    private Optional<KeyValueEntry> get(String bucket, String key) throws QueueException {
        try {
            return streams.find(
                    stream(bucket), connection -> bucket(connection, bucket).get(key));
        } catch (JetStreamApiException | IOException e) {
            throw NatsLink.refused("does not tell of " + key, e);
        }
    }

    private void put(String bucket, String key, Object value) throws QueueException {
        byte[] json = Json.write(value);
        try {
            streams.use(
                    configuration(bucket),
                    connection -> bucket(connection, bucket).put(key, json));
        } catch (IOException | JetStreamApiException e) {
            throw NatsLink.refused("does not write " + key, e);
        }
    }

    private static KeyValue bucket(Connection connection, String name) throws IOException {
        return connection.keyValue(
                name,
                KeyValueOptions.builder().jetStreamOptions(NatsLink.JETSTREAM).build());
    }

    /** A key-value bucket, but for one thing: when it is full, the oldest give way, since no event could end otherwise. */
    private StreamConfiguration configuration(String name) {
        return StreamConfiguration.builder()
                .name(stream(name))
                .description("How asynchronous events went, by function and request id")
                .subjects("$KV." + name + ".>")
                .maxMessagesPerSubject(1)
                .discardPolicy(DiscardPolicy.Old)
                .maxBytes(name.equals(OUTCOMES) ? maxBytes : maxBytes / ATTEMPTS_SHARE)
                .maxAge(retention)
                .allowRollup(true)
                .allowDirect(true)
                .denyDelete(true)
                .storageType(StorageType.File)
                .replicas(link.replicas())
                .build();
    }

    private static String stream(String bucket) {
        return "KV_" + bucket;
    }

    private static <T> T read(KeyValueEntry entry, Class<T> type) {
        return Json.read(entry.getValue(), type);
    }

    private static String key(FunctionKey function, String requestId) {
        return function.namespace() + "." + function.name() + "." + requestId;
    }
}
