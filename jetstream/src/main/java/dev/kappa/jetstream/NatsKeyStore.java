package dev.kappa.jetstream;

import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.keys.KeyStore;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.PurgeOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A key-value bucket of NATS whose keys have no time to live. */
public final class NatsKeyStore implements KeyStore {
    private static final int WRONG_REVISION = 10071;

    private final String stream;
    private final String prefix;
    private final NatsLink link;
    private final Streams streams;

    /**
     * The bucket, which is made when it is used.
     *
     * @param link to NATS
     * @param bucket its name
     */
    public NatsKeyStore(NatsLink link, String bucket) {
        this.link = link;
        this.stream = "KV_" + bucket;
        this.prefix = "$KV." + bucket + ".";
        this.streams = new Streams(link);
    }

    @Override
    public Optional<Value> find(String key) throws IOException {
        return call(
                "does not tell of " + key,
                () -> streams.find(stream, connection -> {
                    MessageInfo last =
                            connection.jetStreamManagement(NatsLink.JETSTREAM).getLastMessage(stream, prefix + key);
                    byte[] data = last.getData();
                    return new Value(data == null ? "" : new String(data, StandardCharsets.UTF_8), last.getSeq());
                }));
    }

    @Override
    public OptionalLong write(String key, String text, long expected) throws IOException {
        PublishOptions options = PublishOptions.builder()
                .expectedLastSubjectSequence(expected)
                .expectedStream(stream)
                .build();
        return call("does not write " + key, () -> {
            try {
                return OptionalLong.of(streams.use(
                        configuration(),
                        connection -> connection
                                .jetStream(NatsLink.JETSTREAM)
                                .publish(prefix + key, text.getBytes(StandardCharsets.UTF_8), options)
                                .getSeqno()));
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == WRONG_REVISION) {
                    return OptionalLong.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public void remove(String key) throws IOException {
        call(
                "does not remove " + key,
                () -> streams.find(
                        stream,
                        connection -> connection
                                .jetStreamManagement(NatsLink.JETSTREAM)
                                .purgeStream(stream, PurgeOptions.subject(prefix + key))));
    }

    @Override
    public Set<String> all() throws IOException {
        return call("does not list its keys", () -> {
            Set<String> keys = new HashSet<>();
            streams.find(
                            stream,
                            connection -> connection
                                    .jetStreamManagement(NatsLink.JETSTREAM)
                                    .getStreamInfo(stream, StreamInfoOptions.allSubjects()))
                    .ifPresent(info -> info.getStreamState()
                            .getSubjects()
                            .forEach(subject -> keys.add(subject.getName().substring(prefix.length()))));
            return keys;
        });
    }

    /** A call on NATS. */
    private interface Call<T> {
        T run() throws IOException, JetStreamApiException, QueueException;
    }

    private static <T> T call(String what, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (JetStreamApiException | QueueException | IllegalStateException e) {
            throw new IOException("NATS " + what + ": " + e.getMessage(), e);
        }
    }

    private StreamConfiguration configuration() {
        return StreamConfiguration.builder()
                .name(stream)
                .description("Leases and checkpoints of event sources")
                .subjects(prefix + ">")
                .maxMessagesPerSubject(1)
                .discardPolicy(DiscardPolicy.New)
                .allowRollup(true)
                .allowDirect(true)
                .denyDelete(true)
                .storageType(StorageType.File)
                .replicas(link.replicas())
                .build();
    }
}
