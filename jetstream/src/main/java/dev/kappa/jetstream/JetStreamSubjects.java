package dev.kappa.jetstream;

import dev.kappa.stores.events.DestinationException;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.Subjects;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Publishes to a stream where one holds the subject, else to whoever listens. */
public final class JetStreamSubjects implements Subjects {
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private final NatsLink link;

    /**
     * Publishes over a connection.
     *
     * @param link to NATS
     */
    public JetStreamSubjects(NatsLink link) {
        this.link = link;
    }

    @Override
    public void publish(String subject, String id, Map<String, String> headers, byte[] body)
            throws DestinationException {
        Headers all = new Headers();
        headers.forEach(all::put);
        try {
            Connection connection = link.connection();
            boolean held = !connection
                    .jetStreamManagement(NatsLink.JETSTREAM)
                    .getStreamNames(subject)
                    .isEmpty();
            NatsMessage message = NatsMessage.builder()
                    .subject(subject)
                    .headers(all)
                    .data(body)
                    .build();
            if (held) {
                connection
                        .jetStream(NatsLink.JETSTREAM)
                        .publish(message, PublishOptions.builder().messageId(id).build());
            } else {
                connection.publish(message);
                connection.flush(FLUSH);
            }
        } catch (QueueException | IOException | JetStreamApiException | TimeoutException | IllegalStateException e) {
            throw DestinationException.later(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DestinationException.later("interrupted");
        }
    }
}
