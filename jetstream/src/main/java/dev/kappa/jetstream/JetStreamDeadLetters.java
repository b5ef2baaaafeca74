package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.QueueException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stream {@code kappa-dead_<namespace>_<function>} for each function that has dead letters; when it is full, the oldest
 * give way.
 */
public final class JetStreamDeadLetters implements DeadLetters {
    private static final String STREAM = "kappa-dead_";
    private static final String SUBJECT = "kappa.dead.";

    private final NatsLink link;
    private final Streams streams;
    private final long maxBytes;
    private final Duration retention;

    /**
     * The store.
     *
     * @param link to NATS
     * @param maxBytes of each function's stream
     * @param retention how long they are kept
     */
    public JetStreamDeadLetters(NatsLink link, long maxBytes, Duration retention) {
        this.link = link;
        this.streams = new Streams(link);
        this.maxBytes = maxBytes;
        this.retention = retention;
    }

    @Override
    public void put(DeadLetter letter) throws QueueException {
        FunctionKey function =
                new FunctionKey(letter.outcome().namespace(), letter.outcome().function());
        String subject = subject(function, letter.outcome().requestId());
        PublishOptions options =
                PublishOptions.builder().messageId(letter.outcome().requestId()).build();
        try {
            streams.use(
                    configuration(function),
                    connection ->
                            connection.jetStream(NatsLink.JETSTREAM).publish(subject, Json.write(letter), options));
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not keep the dead letter " + subject, e);
        }
    }

    @Override
    public List<Kept> list(FunctionKey function, long after, int limit) throws QueueException {
        List<Kept> page = new ArrayList<>();
        long next = after + 1;
        while (page.size() < limit) {
            long from = next;
            Optional<MessageInfo> message = find(
                    function,
                    "does not list the dead letters of " + function,
                    management -> management.getNextMessage(name(function), from, subject(function, "*")));
            if (message.isEmpty()) {
                break;
            }
            page.add(kept(message.get()));
            next = message.get().getSeq() + 1;
        }
        return page;
    }

    @Override
    public Optional<Kept> letter(FunctionKey function, String requestId) throws QueueException {
        return find(
                        function,
                        "does not tell of the dead letter " + requestId,
                        management -> management.getLastMessage(name(function), subject(function, requestId)))
                .map(JetStreamDeadLetters::kept);
    }

    @Override
    public void remove(FunctionKey function, long sequence) throws QueueException {
        find(
                function,
                "does not remove a dead letter of " + function,
                management -> management.deleteMessage(name(function), sequence));
    }

    @Override
    public long purge(FunctionKey function) throws QueueException {
        return find(
                        function,
                        "does not purge the dead letters of " + function,
                        management -> management.purgeStream(name(function)).getPurged())
                .orElse(0L);
    }

    @Override
    public Set<FunctionKey> functions() throws QueueException {
        try {
            return link.connection().jetStreamManagement(NatsLink.JETSTREAM).getStreamNames(SUBJECT + ">").stream()
                    .filter(name -> name.startsWith(STREAM))
                    .map(name -> name.substring(STREAM.length()).split("_", 2))
                    .filter(names -> names.length == 2)
                    .map(names -> new FunctionKey(names[0], names[1]))
                    .collect(Collectors.toSet());
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not tell which functions have dead letters", e);
        }
    }

    @Override
    public long count(FunctionKey function) throws QueueException {
        return find(
                        function,
                        "does not count the dead letters of " + function,
                        management -> management
                                .getStreamInfo(name(function))
                                .getStreamState()
                                .getMsgCount())
                .orElse(0L);
    }

    /** A call about the letters of one function. */
    private interface Call<T> {
        T run(JetStreamManagement management) throws IOException, JetStreamApiException;
    }

    /** Empty where there is no such letter, or none at all. */
    private <T> Optional<T> find(FunctionKey function, String what, Call<T> call) throws QueueException {
        try {
            return streams.find(
                    name(function), connection -> call.run(connection.jetStreamManagement(NatsLink.JETSTREAM)));
        } catch (JetStreamApiException | IOException e) {
            throw NatsLink.refused(what, e);
        }
    }

    private StreamConfiguration configuration(FunctionKey function) {
        return StreamConfiguration.builder()
                .name(name(function))
                .description("Dead letters of function " + function)
                .subjects(subject(function, "*"))
                .discardPolicy(DiscardPolicy.Old)
                .maxBytes(maxBytes)
                .maxMessagesPerSubject(1)
                .maxAge(retention)
                .allowDirect(true)
                .storageType(StorageType.File)
                .replicas(link.replicas())
                .build();
    }

    private static Kept kept(MessageInfo message) {
        return new Kept(message.getSeq(), Json.read(message.getData(), DeadLetter.class));
    }

    private static String name(FunctionKey function) {
        return STREAM + function.namespace() + "_" + function.name();
    }

    private static String subject(FunctionKey function, String requestId) {
        return SUBJECT + function.namespace() + "." + function.name() + "." + requestId;
    }
}
