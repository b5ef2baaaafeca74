package dev.kappa.jetstream;

import static dev.kappa.jetstream.Queues.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an earlier release left, which had a stream for each function: no event of it is lost, and the streams go. */
@Timeout(120)
class LegacyQueuesIT {
    private static final FunctionKey FUNCTION = new FunctionKey("default", "hello");
    private static final QueueKey HELLO = new QueueKey(FUNCTION, "first");
    private static final QueuePlace LEGACY = new QueuePlace(HELLO, "kappa-events_default_hello_first");
    private static final QueuePlace OLDEST = new QueuePlace(new QueueKey(FUNCTION, ""), "kappa-events_default_hello");
    private static final long MEBIBYTE = 1 << 20;
    private static final QueueSizes SIZES = new QueueSizes(2, 8 * MEBIBYTE, 2 * MEBIBYTE);

    private final List<Queues> connected = new ArrayList<>();
    private NatsServer server;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.startedWithDisk(64 * MEBIBYTE);
    }

    @AfterEach
    void stop() throws Exception {
        connected.forEach(queues -> queues.link.close());
        server.close();
    }

    @Test
    void itsEventsAreHandedOutBesideNewOnesAndItsStreamIsDeletedOnceItIsEmpty() throws Exception {
        left(LEGACY, "kappa.events.default.hello.first", "old");
        left(OLDEST, "kappa.events.default.hello", "oldest");
        Queues queues = connected(SIZES);

        queues.queue.publish(event(HELLO, "new"));

        assertThat(queues.queue.backlogs()).containsOnlyKeys(LEGACY, OLDEST, queues.place(HELLO));
        assertThat(queues.settled(LEGACY)).containsExactly("old");
        assertThat(queues.settled(OLDEST)).containsExactly("oldest");
        assertThat(queues.settled(HELLO)).containsExactly("new");
        assertThat(queues.queue.backlogs())
                .describedAs("empty ones are known, so that they are closed")
                .containsOnlyKeys(LEGACY, OLDEST);
        queues.queue.close(LEGACY);
        queues.queue.close(OLDEST);
        assertThat(queues.queue.backlogs()).isEmpty();
        assertThat(queues.management().getStreamNames()).allMatch(Partitions::isPartition);
    }

    @Test
    void aStreamWithEventsStaysAndItsCountsOfHandOutsToo() throws Exception {
        left(LEGACY, "kappa.events.default.hello.first", "old");
        Queues queues = connected(SIZES);
        queues.fetched(LEGACY, 1).getFirst().again(Duration.ofMillis(100));

        queues.queue.close(LEGACY);

        assertThat(queues.queue.backlogs()).containsOnlyKeys(LEGACY);
        Delivery again = queues.fetched(LEGACY, 1).getFirst();
        assertThat(again.count()).isEqualTo(2);
        again.done();
        queues.queue.close(LEGACY);
        assertThat(queues.queue.backlogs()).isEmpty();
    }

    /** So does a gateway that is killed after the first step, and so did those of earlier releases. */
    @Test
    void anEndThatWasInterruptedIsSeenAndFinished() throws Exception {
        left(LEGACY, "kappa.gone.default.hello.first", "old");
        Queues queues = connected(SIZES);

        assertThat(queues.queue.backlogs()).containsOnlyKeys(LEGACY);
        assertThat(queues.settled(LEGACY)).containsExactly("old");
        queues.queue.close(LEGACY);
        assertThat(queues.queue.backlogs()).isEmpty();
    }

    @Test
    void roomThatWasReservedForFunctionsIsGivenToThePartitions() throws Exception {
        left(LEGACY, "kappa.events.default.hello.first", "old");
        left(OLDEST, "kappa.events.default.hello", "oldest");

        Queues queues = connected(new QueueSizes(1, 48 * MEBIBYTE, 2 * MEBIBYTE));
        queues.queue.publish(event(HELLO, "new"));

        assertThat(queues.settled(HELLO)).containsExactly("new");
        assertThat(queues.settled(LEGACY)).containsExactly("old");
        assertThat(queues.settled(OLDEST)).containsExactly("oldest");
    }

    /** 0.1.0 had no accounts in NATS. */
    @Test
    void whatAServerWithoutAccountsKeptIsThereAfterAnUpgrade() throws Exception {
        server.close();
        server = NatsServer.startedWithoutAccounts();
        left(OLDEST, "kappa.events.default.hello", "oldest");

        server.upgrade();
        Queues queues = connected(SIZES);

        assertThat(queues.settled(OLDEST)).containsExactly("oldest");
    }

    private Queues connected(QueueSizes sizes) throws Exception {
        Queues queues = Queues.on(server, sizes);
        connected.add(queues);
        return queues;
    }

    /** A stream as the earlier release made it, with an event. */
    private void left(QueuePlace place, String subject, String payload) throws Exception {
        Connection connection = nats();
        try {
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(place.stream())
                            .subjects(subject)
                            .retentionPolicy(RetentionPolicy.WorkQueue)
                            .discardPolicy(DiscardPolicy.New)
                            .maxBytes(10 * MEBIBYTE)
                            .storageType(StorageType.File)
                            .build());
            connection
                    .jetStream()
                    .publish(
                            subject,
                            EventCodec.headers(event(place.queue(), payload)),
                            payload.getBytes(StandardCharsets.UTF_8));
        } finally {
            connection.close();
        }
    }

    private Connection nats() throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                return Nats.connect(Options.builder()
                        .server(server.url())
                        .userInfo(server.access().user(), server.access().password())
                        .inboxPrefix(server.access().inbox())
                        .build());
            } catch (java.io.IOException e) {
                if (tries > 200) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }
}
