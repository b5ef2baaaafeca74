package dev.kappa.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.EventQueue.Deliveries;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.StoredPackage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What NATS lost is made again by whoever misses it, while the process that uses it goes on. */
class HealingIT {
    private static final VersionKey VERSION = new VersionKey("default", "hello", "$LATEST");
    private static final FunctionKey FUNCTION = VERSION.functionKey();
    private static final QueueSizes SIZES = new QueueSizes(2, 8 << 20, 1 << 20);
    private static final QueuePlace QUEUE = new Partitions(SIZES, 1).place(new QueueKey(FUNCTION, "u1"));
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private NatsServer server;
    private NatsLink link;
    private JetStreamQueue queue;
    private JetStreamOutcomeStore outcomes;
    private JetStreamDeadLetters letters;
    private NatsPackageStore packages;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.started();
        link = new NatsLink(server.access());
        queue = new JetStreamQueue(link, SIZES);
        outcomes = new JetStreamOutcomeStore(link, 8 << 20, Duration.ofHours(1));
        letters = new JetStreamDeadLetters(link, 1 << 20, Duration.ofHours(1));
        packages = new NatsPackageStore(link);
        link.start();
    }

    @AfterEach
    void stop() throws Exception {
        link.close();
        server.close();
    }

    @Test
    void aQueueThatLostItsDiskTakesAndHandsOutEventsAgain() throws Exception {
        eventually(() -> {
            queue.publish(event("1"));
            return true;
        });
        Deliveries before = queue.open(QUEUE);
        assertThat(fetched(before)).containsExactly("1");

        server.replace();
        eventually(() -> {
            queue.publish(event("2"));
            return true;
        });

        List<String> after = eventually(() -> {
            List<String> payloads = fetched(queue.open(QUEUE));
            return payloads.isEmpty() ? null : payloads;
        });
        assertThat(after).containsExactly("2");
    }

    @Test
    void aStreamThatSomebodyDeletesIsMadeAgainByTheNextEvent() throws Exception {
        eventually(() -> {
            queue.publish(event("1"));
            return true;
        });
        link.connection().jetStreamManagement().deleteStream(QUEUE.stream());

        queue.publish(event("2"));

        assertThat(fetched(queue.open(QUEUE))).containsExactly("2");
    }

    @Test
    void anOpenQueueSaysThatItsConsumerIsGone() throws Exception {
        eventually(() -> {
            queue.publish(event("1"));
            return true;
        });
        Deliveries open = queue.open(QUEUE);
        assertThat(fetched(open)).containsExactly("1");
        link.connection().jetStreamManagement().deleteConsumer(QUEUE.stream(), "default_hello_u1");

        assertThatThrownBy(() -> open.fetch(1, Duration.ofSeconds(20), each -> {}))
                .isInstanceOf(QueueException.class);
        queue.publish(event("2"));
        assertThat(fetched(queue.open(QUEUE))).contains("2");
    }

    @Test
    void outcomesAndDeadLettersAreWrittenAgainAfterTheirBucketsWentAway() throws Exception {
        Outcome outcome = outcome("a");
        eventually(() -> outcomes.create(outcome));
        outcomes.failed(FUNCTION, "a", new Attempts(1, 2, "{}"));
        letters.put(letter(outcome));
        for (String stream : List.of("KV_kappa-outcomes", "KV_kappa-attempts", "kappa-dead_default_hello")) {
            link.connection().jetStreamManagement().deleteStream(stream);
        }

        assertThat(outcomes.find(FUNCTION, "a")).isEmpty();
        assertThat(outcomes.attempts(FUNCTION, "a")).isEqualTo(Attempts.NONE);
        assertThat(letters.count(FUNCTION)).isZero();
        assertThat(outcomes.create(outcome)).isEqualTo(outcome);
        outcomes.failed(FUNCTION, "a", new Attempts(1, 2, "{}"));
        letters.put(letter(outcome));

        assertThat(outcomes.find(FUNCTION, "a")).contains(outcome);
        assertThat(outcomes.attempts(FUNCTION, "a").failed()).isEqualTo(1);
        assertThat(letters.count(FUNCTION)).isEqualTo(1);
    }

    @Test
    void aPackageIsMissingAndNotTheStoreOnceItsDiskIsWiped() throws Exception {
        byte[] content = new byte[3 << 20];
        new java.util.Random(1).nextBytes(content);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path file = Files.write(folder.resolve("code.zip"), content);
        eventually(() -> {
            packages.put("default", digest, file);
            return true;
        });
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        packages.get("default", digest, read);
        assertThat(read.toByteArray()).isEqualTo(content);

        server.replace();

        assertThat(eventually(() -> packages.size("default", digest))).isEmpty();
        assertThatThrownBy(() -> packages.get("default", digest, OutputStream.nullOutputStream()))
                .isInstanceOf(PackageNotFoundException.class)
                .hasMessageContaining("Upload it again");
        packages.put("default", digest, file);
        assertThat(packages.size("default", digest)).hasValue(content.length);
    }

    @Test
    void aPackageThatIsDeletedLeavesNothingBehindAndOneThatWasStoredAgainStays() throws Exception {
        byte[] content = "code".getBytes(StandardCharsets.UTF_8);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path file = Files.write(folder.resolve("code.zip"), content);
        assertThat(eventually(() -> packages.list())).isEmpty();
        packages.put("default", digest, file);
        StoredPackage stored = packages.list().getFirst();

        packages.delete(new StoredPackage("default", digest, stored.storedAt().minusSeconds(1)));
        assertThat(packages.list())
                .describedAs("stored again since it was listed")
                .containsExactly(stored);
        packages.delete(stored);

        assertThat(packages.list()).isEmpty();
        assertThat(packages.size("default", digest)).isEmpty();
        assertThat(link.connection()
                        .jetStreamManagement()
                        .getStreamInfo("OBJ_kappa-packages")
                        .getStreamState()
                        .getMsgCount())
                .isZero();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoMissingPackage() throws Exception {
        eventually(() -> packages.size("default", "0".repeat(64)));
        server.kill();

        assertThatThrownBy(() -> packages.size("default", "0".repeat(64)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(PackageNotFoundException.class);
    }

    private static AsyncEvent event(String payload) {
        return new AsyncEvent(
                UUID.randomUUID().toString(),
                VERSION,
                "u1",
                null,
                payload.getBytes(StandardCharsets.UTF_8),
                "arn:hello",
                null,
                null,
                "test",
                1,
                0);
    }

    private static Outcome outcome(String id) {
        return new Outcome(
                id, "default", "hello", "$LATEST", Condition.SUCCESS, 1, 1, 2, 200, null, null, List.of(), false);
    }

    private static DeadLetter letter(Outcome outcome) {
        return new DeadLetter(outcome, null, "arn:hello", null, "test", "1");
    }

    private static List<String> fetched(Deliveries deliveries) throws QueueException, InterruptedException {
        List<String> payloads = new ArrayList<>();
        deliveries.fetch(1, Duration.ofSeconds(2), delivery -> {
            payloads.add(new String(delivery.event().payload(), StandardCharsets.UTF_8));
            try {
                delivery.done();
            } catch (QueueException e) {
                throw new AssertionError(e);
            }
        });
        return payloads;
    }

    /** Repeats a call until it neither fails nor answers null. */
    private static <T> T eventually(Callable<T> call) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Exception failure = null;
            try {
                T answer = call.call();
                if (answer != null) {
                    return answer;
                }
            } catch (QueueException | IOException e) {
                failure = e;
            }
            if (System.nanoTime() > until) {
                throw new AssertionError("not within " + PATIENCE, failure);
            }
            Thread.sleep(100);
        }
    }
}
