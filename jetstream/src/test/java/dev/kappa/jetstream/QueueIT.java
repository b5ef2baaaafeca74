package dev.kappa.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queues of functions on a real server: their end, whichever step of it is interrupted, and messages that are no events. */
class QueueIT {
    private static final FunctionKey FUNCTION = new FunctionKey("default", "hello");
    private static final QueueKey FIRST = new QueueKey(FUNCTION, "first");
    private static final QueueKey SECOND = new QueueKey(FUNCTION, "second");

    private NatsServer server;
    private NatsLink link;
    private JetStreamQueue queue;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.started();
        link = new NatsLink(server.access());
        queue = new JetStreamQueue(link, 1 << 20);
        link.start();
        for (int tries = 0; ; tries++) {
            try {
                queue.publish(event(FIRST, "1"));
                return;
            } catch (QueueException e) {
                if (tries > 200) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        link.close();
        server.close();
    }

    @Test
    void anEmptyQueueOfAFunctionThatIsGoneEnds() throws Exception {
        assertThat(settled(FIRST)).containsExactly("1");

        queue.drop(FIRST);

        assertThat(queue.queues()).isEmpty();
    }

    @Test
    void aQueueWithEventsTakesNoMoreAndHandsOutThoseItHas() throws Exception {
        queue.drop(FIRST);

        assertThat(queue.queues()).containsExactly(FIRST);
        assertThat(settled(FIRST)).containsExactly("1");
        queue.drop(FIRST);
        assertThat(queue.queues()).isEmpty();
    }

    /** The gateway that dropped it was killed after its first step. */
    @Test
    void aDropThatWasInterruptedIsSeenAndFinishedByTheNextOne() throws Exception {
        assertThat(settled(FIRST)).containsExactly("1");
        takeSubjectAway("kappa-events_default_hello_first", "kappa.gone.default.hello.first");

        assertThat(queue.queues()).containsExactly(FIRST);
        queue.publish(event(SECOND, "2"));
        queue.drop(FIRST);

        assertThat(queue.queues()).containsExactly(SECOND);
        assertThat(settled(SECOND)).containsExactly("2");
    }

    /** So did 0.1.0, whose queues belonged to names. */
    @Test
    void aDropThatAnEarlierReleaseLeftHalfDoneHindersNoFunctionOfThatName() throws Exception {
        QueueKey legacy = new QueueKey(FUNCTION, "");
        queue.publish(event(legacy, "old"));
        takeSubjectAway("kappa-events_default_hello", "kappa.gone.default.hello");

        queue.publish(event(SECOND, "new"));

        assertThat(queue.queues()).contains(legacy, SECOND);
        assertThat(settled(legacy)).containsExactly("old");
        assertThat(settled(SECOND)).containsExactly("new");
        queue.drop(legacy);
        assertThat(queue.queues()).doesNotContain(legacy);
    }

    @Test
    void aMessageThatIsNoEventIsHandedOutWithTheReasonAndItsNeighboursAsTheyAre() throws Exception {
        var jetStream = link.connection().jetStream();
        String subject = "kappa.events.default.hello.first";
        jetStream.publish(subject, "nothing".getBytes(StandardCharsets.UTF_8));
        Headers headers = EventCodec.headers(event(FIRST, "x"));
        headers.put("Kappa-Received-At", "yesterday");
        headers.put("Kappa-Namespace", "other");
        jetStream.publish(subject, headers, "halfway".getBytes(StandardCharsets.UTF_8));
        queue.publish(event(FIRST, "2"));

        List<Delivery> deliveries = fetched(FIRST);

        assertThat(deliveries).hasSize(4);
        assertThat(deliveries.get(0).unreadable()).isNull();
        assertThat(deliveries.get(1).unreadable()).contains("Kappa-Request-Id is missing");
        assertThat(deliveries.get(1).event().requestId()).hasSize(36);
        assertThat(deliveries.get(1).event().payload()).asString().isEqualTo("nothing");
        assertThat(deliveries.get(2).unreadable())
                .contains("'yesterday', no number")
                .contains("'other'");
        assertThat(deliveries.get(2).event().version().functionKey()).isEqualTo(FUNCTION);
        assertThat(deliveries.get(3).unreadable()).isNull();
    }

    private void takeSubjectAway(String stream, String instead) throws Exception {
        JetStreamManagement management = link.connection().jetStreamManagement();
        management.updateStream(
                StreamConfiguration.builder(management.getStreamInfo(stream).getConfiguration())
                        .subjects(instead)
                        .build());
    }

    private List<String> settled(QueueKey key) throws Exception {
        List<String> payloads = new ArrayList<>();
        for (Delivery delivery : fetched(key)) {
            payloads.add(new String(delivery.event().payload(), StandardCharsets.UTF_8));
            delivery.done();
        }
        return payloads;
    }

    private List<Delivery> fetched(QueueKey key) throws Exception {
        List<Delivery> deliveries = new ArrayList<>();
        queue.open(key).fetch(10, Duration.ofSeconds(1), deliveries::add);
        return deliveries;
    }

    private static AsyncEvent event(QueueKey key, String payload) {
        return new AsyncEvent(
                UUID.randomUUID().toString(),
                new VersionKey(key.function().namespace(), key.function().name(), "$LATEST"),
                key.uid(),
                null,
                payload.getBytes(StandardCharsets.UTF_8),
                "arn:hello",
                null,
                null,
                "test",
                1,
                0);
    }
}
