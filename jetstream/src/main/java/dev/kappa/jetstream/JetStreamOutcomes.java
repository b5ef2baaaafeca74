package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.Outcomes;
import dev.kappa.stores.events.QueueException;
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
public final class JetStreamOutcomes implements Outcomes {
    private static final String OUTCOMES = "kappa-outcomes";
    private static final String ATTEMPTS = "kappa-attempts";
    private static final int EXISTS = 10071;
    private static final int TRIES = 3;
    private static final int ATTEMPTS_SHARE = 8;

    private final NatsLink link;
    private final long maxBytes;
    private final Duration retention;
    private volatile boolean made;

    /**
     * The store.
     *
     * @param link to NATS
     * @param maxBytes of all outcomes; the oldest give way
     * @param retention how long outcomes are kept; longer than any event lives
     */
    public JetStreamOutcomes(NatsLink link, long maxBytes, Duration retention) {
        this.link = link;
        this.maxBytes = maxBytes;
        this.retention = retention;
        link.onConnected(connection -> made = false);
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
        QueueException last = new QueueException("no try was made");
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                bucket(OUTCOMES).create(key, value);
                return outcome;
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() != EXISTS) {
                    throw NatsLink.refused("does not write the outcome " + key, e);
                }
                // Somebody else's, or that of a try whose answer got lost: then it says the same.
                return find(function, outcome.requestId()).orElse(outcome);
            } catch (IOException e) {
                last = NatsLink.refused("does not write the outcome " + key, e);
            }
        }
        throw last;
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
            return Optional.ofNullable(bucket(bucket).get(key));
        } catch (IOException | JetStreamApiException e) {
            throw NatsLink.refused("does not tell of " + key, e);
        }
    }

    private void put(String bucket, String key, Object value) throws QueueException {
        try {
            bucket(bucket).put(key, Json.write(value));
        } catch (IOException | JetStreamApiException e) {
            throw NatsLink.refused("does not write " + key, e);
        }
    }

    private KeyValue bucket(String name) throws QueueException, IOException {
        if (!made) {
            link.ensure(configuration(OUTCOMES, maxBytes));
            link.ensure(configuration(ATTEMPTS, maxBytes / ATTEMPTS_SHARE));
            made = true;
        }
        return link.connection()
                .keyValue(
                        name,
                        KeyValueOptions.builder()
                                .jetStreamOptions(NatsLink.JETSTREAM)
                                .build());
    }

    /** A key-value bucket, but for one thing: when it is full, the oldest give way, since no event could end otherwise. */
    private StreamConfiguration configuration(String name, long bytes) {
        return StreamConfiguration.builder()
                .name("KV_" + name)
                .description("How asynchronous events went, by function and request id")
                .subjects("$KV." + name + ".>")
                .maxMessagesPerSubject(1)
                .discardPolicy(DiscardPolicy.Old)
                .maxBytes(bytes)
                .maxAge(retention)
                .allowRollup(true)
                .allowDirect(true)
                .denyDelete(true)
                .storageType(StorageType.File)
                .replicas(link.replicas())
                .build();
    }

    private static <T> T read(KeyValueEntry entry, Class<T> type) {
        return Json.read(entry.getValue(), type);
    }

    private static String key(FunctionKey function, String requestId) {
        return function.namespace() + "." + function.name() + "." + requestId;
    }
}
