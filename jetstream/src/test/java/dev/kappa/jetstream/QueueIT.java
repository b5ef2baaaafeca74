package dev.kappa.jetstream;

import static dev.kappa.jetstream.Queues.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues of functions that share a stream on a real server. */
@Timeout(120)
class QueueIT {
    private static final FunctionKey FUNCTION = new FunctionKey("default", "hello");
    private static final QueueKey FIRST = new QueueKey(FUNCTION, "first");
    private static final QueueKey SECOND = new QueueKey(FUNCTION, "second");
    private static final QueueKey OTHER = new QueueKey(new FunctionKey("media", "other"), "third");
    private static final long MEBIBYTE = 1 << 20;
    private static final QueueSizes ONE_PARTITION = new QueueSizes(1, 8 * MEBIBYTE, 2 * MEBIBYTE);
    private static final String LARGE = "x".repeat(100_000);

    private Queues queues;

    @BeforeEach
    void start() throws Exception {
        queues = Queues.on(NatsServer.started(), ONE_PARTITION);
    }

    @AfterEach
    void stop() throws Exception {
        queues.close();
    }

    @Test
    void functionsOfOneStreamGetTheirOwnEvents() throws Exception {
        queues.queue.publish(event(FIRST, "1"));
        queues.queue.publish(event(SECOND, "2"));
        queues.queue.publish(event(OTHER, "3"));

        assertThat(queues.queue.backlogs())
                .isEqualTo(Map.of(queues.place(FIRST), 1L, queues.place(SECOND), 1L, queues.place(OTHER), 1L));
        assertThat(queues.settled(OTHER)).containsExactly("3");
        assertThat(queues.settled(SECOND)).containsExactly("2");
        assertThat(queues.settled(FIRST)).containsExactly("1");
        assertThat(queues.queue.backlogs()).isEmpty();
    }

    @Test
    void anotherFunctionsBacklogIsInNobodysWay() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            queues.queue.publish(event(FIRST, "poison"));
        }
        List<Delivery> inHand = queues.fetched(queues.place(FIRST), 100);
        inHand.forEach(delivery -> delivery.again(Duration.ofMinutes(1)));

        queues.queue.publish(event(SECOND, "2"));

        assertThat(queues.settled(SECOND)).containsExactly("2");
        assertThat(queues.queue.backlogs()).containsEntry(queues.place(FIRST), 1_000L);
    }

    @Test
    void anEventThatIsGivenBackComesAgainAndTellsHowOften() throws Exception {
        queues.queue.publish(event(FIRST, "1"));
        queues.fetched(queues.place(FIRST), 1).getFirst().again(Duration.ofMillis(200));

        Delivery again = queues.fetched(queues.place(FIRST), 1).getFirst();

        assertThat(again.count()).isEqualTo(2);
    }

    @Test
    void aQueueThatIsClosedCostsNothingAndHandsOutWhatComesLater() throws Exception {
        queues.queue.publish(event(FIRST, "1"));
        assertThat(queues.settled(FIRST)).containsExactly("1");

        queues.queue.close(queues.place(FIRST));

        assertThat(queues.management().getConsumerNames(queues.place(FIRST).stream()))
                .isEmpty();
        queues.queue.close(queues.place(FIRST));
        queues.queue.publish(event(FIRST, "2"));
        assertThat(queues.queue.backlogs()).containsOnlyKeys(queues.place(FIRST));
        assertThat(queues.settled(FIRST)).containsExactly("2");
    }

    @Test
    void aQueueWithEventsIsNotClosed() throws Exception {
        queues.queue.publish(event(FIRST, "1"));
        queues.fetched(queues.place(FIRST), 1).getFirst().again(Duration.ofMillis(100));

        queues.queue.close(queues.place(FIRST));

        Delivery again = queues.fetched(queues.place(FIRST), 1).getFirst();
        assertThat(again.count()).describedAs("the count of hand-outs stays").isEqualTo(2);
    }

    /** Its gateway was killed before it closed it. */
    @Test
    void anEmptyQueueThatWasLeftOpenIsKnownSoThatItIsClosed() throws Exception {
        queues.queue.publish(event(FIRST, "1"));
        assertThat(queues.settled(FIRST)).containsExactly("1");
        Queues next = queues.beside(ONE_PARTITION);
        try {
            assertThat(next.queue.backlogs()).isEqualTo(Map.of(queues.place(FIRST), 0L));

            next.queue.close(queues.place(FIRST));

            assertThat(queues.management().getConsumerNames(queues.place(FIRST).stream()))
                    .isEmpty();
        } finally {
            next.link.close();
        }
    }

    @Test
    void ownersHearOfTheFirstEvent() throws Exception {
        BlockingQueue<QueuePlace> heard = new LinkedBlockingQueue<>();
        queues.queue.onEvents(heard::add);

        queues.queue.publish(event(FIRST, "1"));
        queues.queue.publish(event(FIRST, "2"));
        queues.queue.publish(event(SECOND, "3"));

        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(queues.place(FIRST));
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(queues.place(SECOND));
    }

    @Test
    void theSameIdIsOneEventOfAFunctionAndMayBeAnothersToo() throws Exception {
        queues.queue.publish(event("id", FIRST, "1"));
        queues.queue.publish(event("id", FIRST, "1"));
        queues.queue.publish(event("id", SECOND, "2"));

        assertThat(queues.settled(FIRST)).containsExactly("1");
        assertThat(queues.settled(SECOND)).containsExactly("2");
    }

    @Test
    void aFullQueueRefusesWhileOthersGoOnAndTakesEventsAgainOnceItDrained() throws Exception {
        int accepted = publishUntilRefused(FIRST, "its queue is full (the chart's value async.queueSize, 2 MiB)");

        assertThat(accepted).describedAs("events of 100 kB in 2 MiB").isBetween(17, 20);
        queues.queue.publish(event(SECOND, LARGE));
        assertThat(queues.settled(FIRST)).hasSize(accepted);
        eventuallyPublished(event(FIRST, LARGE));
    }

    /** Another gateway fills the queue meanwhile; who asked the server lately writes a quarter of what it saw left at most. */
    @Test
    void anotherProcessesEventsCountToo() throws Exception {
        queues.queue.publish(event(FIRST, LARGE));
        Queues other = queues.beside(ONE_PARTITION);
        try {
            int accepted = publishUntilRefused(other.queue, FIRST, "its queue is full");

            assertThat(accepted).isBetween(16, 19);
            assertThat(publishUntilRefused(FIRST, "its queue is full")).isLessThan(6);
        } finally {
            other.link.close();
        }
    }

    /** Each takes as much as it leaves free. */
    @Test
    void fullQueuesLeaveRoomForOneMore() throws Exception {
        for (int hog = 0; hog < 12; hog++) {
            publishUntilRefused(new QueueKey(new FunctionKey("default", "hog" + hog), "uid" + hog), "its queue");
        }

        queues.queue.publish(event(FIRST, "1"));

        assertThat(queues.settled(FIRST)).containsExactly("1");
    }

    @Test
    void eventsThatWereKeptInAnotherNumberOfPartitionsAreHandedOut() throws Exception {
        queues.queue.publish(event(FIRST, "before"));
        QueueSizes more = new QueueSizes(16, MEBIBYTE, MEBIBYTE);
        QueuePlace place = new Partitions(more, 1).place(FIRST);
        Queues grown = queues.beside(more);
        try {
            grown.queue.publish(event(FIRST, "after"));

            assertThat(place).isNotEqualTo(queues.place(FIRST));
            assertThat(grown.queue.backlogs()).containsOnlyKeys(queues.place(FIRST), place);
            assertThat(grown.settled(queues.place(FIRST))).containsExactly("before");
            assertThat(grown.settled(place)).containsExactly("after");
        } finally {
            grown.link.close();
        }
    }

    @Test
    void aMessageThatIsNoEventIsHandedOutWithTheReasonAndItsNeighboursAsTheyAre() throws Exception {
        var jetStream = queues.link.connection().jetStream();
        String subject = Partitions.subject(queues.place(FIRST), EventSize.of(1));
        queues.queue.publish(event(FIRST, "1"));
        jetStream.publish(subject, "nothing".getBytes(StandardCharsets.UTF_8));
        Headers headers = EventCodec.headers(event(FIRST, "x"));
        headers.put("Kappa-Received-At", "yesterday");
        headers.put("Kappa-Namespace", "other");
        jetStream.publish(subject, headers, "halfway".getBytes(StandardCharsets.UTF_8));
        queues.queue.publish(event(FIRST, "2"));

        List<Delivery> deliveries = queues.fetched(queues.place(FIRST), 10);

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

    private int publishUntilRefused(QueueKey key, String why) throws Exception {
        return publishUntilRefused(queues.queue, key, why);
    }

    private static int publishUntilRefused(JetStreamQueue queue, QueueKey key, String why) throws Exception {
        for (int accepted = 0; accepted < 100; accepted++) {
            try {
                queue.publish(event(key, LARGE));
            } catch (QueueException e) {
                assertThat(e).hasMessageContaining(why);
                return accepted;
            }
        }
        throw new AssertionError("never full");
    }

    /** What was settled is known a moment later. */
    private void eventuallyPublished(AsyncEvent event) throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                queues.queue.publish(event);
                return;
            } catch (QueueException e) {
                if (tries > 200) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }
}
