package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.dispatch.ClusterView;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.gateway.dispatch.Limits;
import dev.kappa.gateway.dispatch.Listeners;
import dev.kappa.gateway.dispatch.ShimAnswer;
import dev.kappa.gateway.dispatch.ShimCalls;
import dev.kappa.gateway.dispatch.VersionConfig;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.wire.DemandReport.AsyncQueue;
import dev.kappa.wire.Fate;
import dev.kappa.wire.ShimState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Places with events are drained by the owner of their function, and closed once they are empty. */
@Timeout(60)
class DrainsTest {
    private static final FunctionKey HELLO = new FunctionKey("default", "hello");
    private static final Peer SELF = new Peer("self", "10.0.0.1");
    /** Its events end without a run. */
    private static final QueueKey GONE = new QueueKey(HELLO, "an earlier one");

    private static final QueuePlace PLACE = new QueuePlace(GONE, "memory");

    private final Vertx vertx = Vertx.vertx();
    private final Catalog catalog = new Catalog();
    private final MemoryStores stores = new MemoryStores();
    private final Ring ring = new Ring(SELF);
    private final AsyncMeters meters = new AsyncMeters(new SimpleMeterRegistry());
    private final EventRunner runner = runner();
    private @Nullable Drains drains;

    @AfterEach
    void stop() throws Exception {
        if (drains != null) {
            drains.stop();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void anEventIsDrainedWhenItComes() {
        drains(stores, Duration.ofMinutes(1));

        AsyncEvent event = publish();

        await().untilAsserted(() -> assertThat(stores.outcomes).containsKey(event.requestId()));
    }

    @Test
    void anEventOfWhichNobodyHeardIsFound() {
        AsyncEvent event = publish();
        Drains found = drains(stores, Duration.ofMinutes(1));
        assertThat(stores.opened).isEmpty();

        found.look();

        await().untilAsserted(() -> assertThat(stores.outcomes).containsKey(event.requestId()));
    }

    @Test
    void anEmptyPlaceIsClosedAndOpenedAgainByTheNextEvent() {
        Drains closing = drains(stores, Duration.ZERO);
        AsyncEvent first = publish();
        await().untilAsserted(() -> assertThat(stores.outcomes).containsKey(first.requestId()));

        await().untilAsserted(() -> {
            closing.look();
            closing.sweep();
            assertThat(stores.opened).isEmpty();
        });
        AsyncEvent second = publish();

        await().untilAsserted(() -> assertThat(stores.outcomes).containsKey(second.requestId()));
    }

    @Test
    void aPlaceThatWasUsedLatelyStaysOpen() {
        Drains open = drains(stores, Duration.ofMinutes(1));
        AsyncEvent event = publish();
        await().untilAsserted(() -> assertThat(stores.outcomes).containsKey(event.requestId()));

        open.look();
        open.sweep();

        assertThat(stores.opened).containsExactly(PLACE);
    }

    @Test
    void whatADeletedFunctionLeftIsNoBacklogOfTheOneThatHasItsName() {
        MemoryStores stuck = stuck();
        Drains counting = drains(stuck, Duration.ofMinutes(1));
        publish(stuck);
        counting.look();
        counting.look();
        assertThat(counting.states()).containsExactly(new AsyncQueue("default", "hello", 1, 0));

        catalog.put(hello());

        assertThat(counting.states()).containsExactly(new AsyncQueue("default", "hello", 0, 0));
    }

    private static MemoryStores stuck() {
        return new MemoryStores() {
            @Override
            public Deliveries open(QueuePlace place) {
                super.open(place);
                return (max, wait, each) -> Thread.sleep(wait);
            }
        };
    }

    @Test
    void aPlaceWithEventsIsNotClosed() {
        MemoryStores stuck = stuck();
        Drains open = drains(stuck, Duration.ZERO);
        publish(stuck);
        open.look();
        await().untilAsserted(() -> assertThat(stuck.opened).containsExactly(PLACE));

        open.sweep();

        assertThat(stuck.opened).containsExactly(PLACE);
        assertThat(open.states()).containsExactly(new AsyncQueue("default", "hello", 1, 0));
    }

    @Test
    void anotherOwnersEventsAreLeftToIt() {
        Drains left = drains(stores, Duration.ofMinutes(1));
        ring.replace(List.of(new Peer("other", "10.0.0.2")));

        publish();
        left.look();

        assertThat(stores.opened).isEmpty();
        assertThat(left.states()).isEmpty();
    }

    @Test
    void deadLettersAreCountedWhileThereAreNoEventsAndToldOnceMoreWhenThereAreNone() throws Exception {
        catalog.put(hello());
        Drains counting = drains(stores, Duration.ofMinutes(1));
        stores.put(letter());

        counting.sweep();
        assertThat(counting.states()).containsExactly(new AsyncQueue("default", "hello", 0, 1));
        stores.purge(HELLO);
        counting.sweep();
        assertThat(counting.states()).containsExactly(new AsyncQueue("default", "hello", 0, 0));
        counting.sweep();

        assertThat(counting.states()).isEmpty();
    }

    private static FunctionInfo hello() {
        return new FunctionInfo(
                "default", "hello", 3, null, "r1", null, null, AsyncSettings.DEFAULT, null, Integer.MAX_VALUE, "u");
    }

    private Drains drains(MemoryStores queue, Duration unused) {
        drains = new Drains(queue, runner, queue, meters, ring, catalog, () -> true, 1 << 20, unused);
        return Objects.requireNonNull(drains);
    }

    private AsyncEvent publish() {
        return publish(stores);
    }

    private static AsyncEvent publish(MemoryStores queue) {
        AsyncEvent event = new AsyncEvent(
                UUID.randomUUID().toString(),
                new VersionKey("default", "hello", "$LATEST"),
                GONE.uid(),
                null,
                "1".getBytes(StandardCharsets.UTF_8),
                "arn:hello",
                null,
                null,
                "test",
                1,
                0);
        try {
            queue.publish(event);
        } catch (dev.kappa.stores.events.QueueException e) {
            throw new AssertionError(e);
        }
        return event;
    }

    private static DeadLetter letter() {
        Outcome outcome = new Outcome(
                "a",
                "default",
                "hello",
                "$LATEST",
                Condition.RETRIES_EXHAUSTED,
                1,
                1,
                2,
                200,
                null,
                null,
                List.of(),
                false);
        return new DeadLetter(outcome, null, "arn:hello", null, "test", "1");
    }

    private EventRunner runner() {
        Destinations destinations = new Destinations(
                stores,
                stores,
                new WebHooks(vertx, new WebHookSigner("secret"), List.of()),
                catalog,
                new Accounts("us-east-1", "default"));
        Settlement settlement =
                new Settlement(stores, stores, destinations, catalog, meters, 3_600_000, System::currentTimeMillis);
        Dispatcher dispatcher = new Dispatcher(
                new Limits(10, 60_000, 1_000_000, 300),
                new NoShim(),
                new NoCluster(),
                new Listeners(),
                System::currentTimeMillis);
        return new EventRunner(
                dispatcher, catalog, stores, settlement, new Retry(60_000), meters, System::currentTimeMillis);
    }

    /** Nothing runs here. */
    private static final class NoShim implements ShimCalls {
        @Override
        public Future<ShimAnswer> invoke(InstanceAddress address, Event event, long limitMs) {
            return Future.failedFuture("no shim");
        }

        @Override
        public Future<Optional<Fate>> fate(InstanceAddress address, Event event) {
            return Future.failedFuture("no shim");
        }

        @Override
        public Future<Optional<ShimState>> state(InstanceAddress address, VersionKey version) {
            return Future.failedFuture("no shim");
        }

        @Override
        public void after(long delayMs, Runnable action) {}
    }

    private static final class NoCluster implements ClusterView {
        @Override
        public @Nullable VersionConfig version(VersionKey key) {
            return null;
        }

        @Override
        public @Nullable KnownPod pod(String namespace, String pod) {
            return null;
        }

        @Override
        public boolean owns(FunctionKey function) {
            return true;
        }
    }
}
