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

/**
 * A stream {@code kappa-dead_<namespace>_<function>} for each function that has dead letters; when it is full, the oldest
 * give way.
 */
public final class JetStreamDeadLetters implements DeadLetters {
    private static final String STREAM = "kappa-dead_";
    private static final String SUBJECT = "kappa.dead.";
    private static final int NO_MESSAGE = 10037;

    private final NatsLink link;
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
        this.maxBytes = maxBytes;
        this.retention = retention;
    }

    @Override
    public void put(DeadLetter letter) throws QueueException {
        FunctionKey function =
                new FunctionKey(letter.outcome().namespace(), letter.outcome().function());
        String subject = subject(function, letter.outcome().requestId());
        try {
            link.ensure(configuration(function));
            link.connection()
                    .jetStream(NatsLink.JETSTREAM)
                    .publish(
                            subject,
                            Json.write(letter),
                            PublishOptions.builder()
                                    .messageId(letter.outcome().requestId())
                                    .build());
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsLink.refused("does not keep the dead letter " + subject, e);
        }
    }

    @Override
    public List<Kept> list(FunctionKey function, long after, int limit) throws QueueException {
        List<Kept> page = new ArrayList<>();
        try {
            JetStreamManagement management = management();
            long next = after + 1;
            while (page.size() < limit) {
                MessageInfo message = management.getNextMessage(name(function), next, subject(function, "*"));
                page.add(kept(message));
                next = message.getSeq() + 1;
            }
        } catch (JetStreamApiException e) {
            if (!isMissing(e)) {
                throw NatsLink.refused("does not list the dead letters of " + function, e);
            }
        } catch (IOException e) {
            throw NatsLink.refused("does not list the dead letters of " + function, e);
        }
        return page;
    }

    @Override
    public Optional<Kept> letter(FunctionKey function, String requestId) throws QueueException {
        try {
            return Optional.of(kept(management().getLastMessage(name(function), subject(function, requestId))));
        } catch (JetStreamApiException e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw NatsLink.refused("does not tell of the dead letter " + requestId, e);
        } catch (IOException e) {
            throw NatsLink.refused("does not tell of the dead letter " + requestId, e);
        }
    }

    @Override
    public void remove(FunctionKey function, long sequence) throws QueueException {
        try {
            management().deleteMessage(name(function), sequence);
        } catch (JetStreamApiException e) {
            if (!isMissing(e)) {
                throw NatsLink.refused("does not remove a dead letter of " + function, e);
            }
        } catch (IOException e) {
            throw NatsLink.refused("does not remove a dead letter of " + function, e);
        }
    }

    @Override
    public long purge(FunctionKey function) throws QueueException {
        try {
            return management().purgeStream(name(function)).getPurged();
        } catch (JetStreamApiException e) {
            if (isMissing(e)) {
                return 0;
            }
            throw NatsLink.refused("does not purge the dead letters of " + function, e);
        } catch (IOException e) {
            throw NatsLink.refused("does not purge the dead letters of " + function, e);
        }
    }

    @Override
    public long count(FunctionKey function) throws QueueException {
        try {
            return management().getStreamInfo(name(function)).getStreamState().getMsgCount();
        } catch (JetStreamApiException e) {
            if (isMissing(e)) {
                return 0;
            }
            throw NatsLink.refused("does not count the dead letters of " + function, e);
        } catch (IOException e) {
            throw NatsLink.refused("does not count the dead letters of " + function, e);
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

    private JetStreamManagement management() throws QueueException, IOException {
        return link.connection().jetStreamManagement(NatsLink.JETSTREAM);
    }

    private static boolean isMissing(JetStreamApiException e) {
        return NatsLink.isMissing(e) || e.getApiErrorCode() == NO_MESSAGE;
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
