package dev.kappa.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Fate;
import dev.kappa.wire.Hello;
import dev.kappa.wire.ShimState;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that can happen to a dispatcher, from many threads at once: at the end nothing is held and every event ended. */
class ManyThreadsTest {
    private static final int THREADS = 8;
    private static final int STEPS = 4_000;
    private static final List<VersionKey> VERSIONS = List.of(
            new VersionKey("default", "hello", "$LATEST"),
            new VersionKey("default", "hello", "1"),
            new VersionKey("default", "limited", "$LATEST"));

    /** Says so of everything that the test lets fail. */
    private static final Logger LOG = Logger.getLogger("dev.kappa.gateway.dispatch");

    private final ExecutorService timer = Executors.newFixedThreadPool(2);
    private final Queue<Future<Answer>> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostOfLimited = new AtomicInteger();
    private final AtomicInteger limitedRunning = new AtomicInteger();
    private volatile boolean owner = true;
    private volatile String revision = "r1";
    private volatile long skipMs;
    private final Dispatcher dispatcher = new Dispatcher(
            new Limits(50, 1_000, 200_000, 300),
            new RandomShims(),
            new ClusterView() {
                @Override
                public VersionConfig version(VersionKey key) {
                    return new VersionConfig(revision, 3, key.function().equals("limited") ? 3 : null, null);
                }

                @Override
                public @Nullable KnownPod pod(String namespace, String pod) {
                    return null;
                }

                @Override
                public boolean owns(FunctionKey function) {
                    return owner;
                }
            },
            new DispatchListener() {
                @Override
                public void unmet(VersionKey version) {
                    sometimesThrow("unmet");
                }

                @Override
                public void lost(VersionKey version, LostInstance lost) {
                    sometimesThrow("lost");
                }

                @Override
                public void ended(VersionKey version, Answer answer, long tookMs) {
                    sometimesThrow("ended");
                }
            },
            () -> System.currentTimeMillis() + skipMs);

    @BeforeEach
    void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void stop() {
        LOG.setLevel(null);
        timer.shutdownNow();
    }

    private void later(long delayMs, Runnable action) {
        Future.fromCompletionStage(CompletableFuture.runAsync(
                        action, CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, timer)))
                .onFailure(failures::add);
    }

    private static void sometimesThrow(String what) {
        if (ThreadLocalRandom.current().nextInt(50) == 0) {
            throw new IllegalStateException("a listener failed at " + what);
        }
    }

    /** Answers in every way that the contract knows, at once or later, and throws now and then. */
    private final class RandomShims implements ShimCalls {
        @Override
        public Future<ShimAnswer> invoke(InstanceAddress address, Event event, long limitMs) {
            Random random = ThreadLocalRandom.current();
            if (random.nextInt(40) == 0) {
                throw new IllegalArgumentException("nothing can be sent to " + address);
            }
            boolean limited = event.version().function().equals("limited");
            running.incrementAndGet();
            if (limited) {
                mostOfLimited.accumulateAndGet(limitedRunning.incrementAndGet(), Math::max);
            }
            Promise<ShimAnswer> promise = Promise.promise();
            Runnable end = () -> {
                running.decrementAndGet();
                if (limited) {
                    limitedRunning.decrementAndGet();
                }
                if (random.nextInt(100) == 0) {
                    promise.fail("a failed future");
                } else {
                    promise.complete(answer());
                }
            };
            if (random.nextBoolean()) {
                end.run();
            } else {
                later(random.nextInt(3), end);
            }
            return promise.future();
        }

        private ShimAnswer answer() {
            Random random = ThreadLocalRandom.current();
            return switch (random.nextInt(12)) {
                case 0 -> new ShimAnswer.Refused(Wire.REFUSED_BUSY);
                case 1 -> new ShimAnswer.Refused(Wire.REFUSED_INITIALIZING);
                case 2 -> new ShimAnswer.NotSent("refused");
                case 3 -> new ShimAnswer.Broken("reset");
                case 4 -> new ShimAnswer.Unexpected(500, "?");
                case 5 -> new ShimAnswer.Refused(Wire.REFUSED_DRAINING);
                default -> new ShimAnswer.Done(Buffer.buffer("1"), null, null, null, 10, random.nextInt(10) == 0);
            };
        }

        @Override
        public Future<Optional<Fate>> fate(InstanceAddress address, Event event) {
            if (ThreadLocalRandom.current().nextInt(10) == 0) {
                throw new IllegalArgumentException("nobody can be asked");
            }
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Optional<ShimState>> state(InstanceAddress address, VersionKey version) {
            return Future.succeededFuture(Optional.of(new ShimState(revision, "ready", 2, 0)));
        }

        @Override
        public void after(long delayMs, Runnable action) {
            later(delayMs, action);
        }
    }

    private void step(Random random) {
        VersionKey version = VERSIONS.get(random.nextInt(VERSIONS.size()));
        String pod = version.function() + version.version() + random.nextInt(4);
        InstanceAddress address = new InstanceAddress("10.0.0.1", 1, pod);
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> dispatcher.hello(hello(version, pod), address);
            case 3 -> dispatcher.podGone(version, pod);
            case 4 -> dispatcher.podSeen(version, pod, address, revision);
            case 5 -> dispatcher.farewell(farewell(version, pod, random));
            case 6 -> dispatcher.tick();
            case 7 -> {
                if (random.nextInt(50) == 0) {
                    owner = false;
                    dispatcher.releaseUnless(function -> false);
                    owner = true;
                }
            }
            case 8 -> dispatcher.demand(all -> true);
            case 9 -> {
                revision = random.nextInt(30) == 0 ? "r2" : "r1";
                dispatcher.changed(version.functionKey());
                dispatcher.decided(version);
            }
            case 10 -> dispatcher.retain((namespace, name) -> random.nextInt(20) != 0, 0);
            default -> submit(version, random);
        }
    }

    private void submit(VersionKey version, Random random) {
        long now = System.currentTimeMillis() + skipMs;
        boolean background = random.nextInt(4) == 0;
        answers.add(dispatcher.submit(new Event(
                "id", version, Buffer.buffer("x".repeat(100)), "arn", null, null, false, now, background, now + 500)));
    }

    private static Hello hello(VersionKey version, String pod) {
        return new Hello(
                version.namespace(), version.function(), version.version(), "r1", pod, "?", 2, 1, 2, 3, null, null);
    }

    private static Farewell farewell(VersionKey version, String pod, Random random) {
        String error = random.nextBoolean() ? "Oops" : null;
        return new Farewell(
                version.namespace(),
                version.function(),
                version.version(),
                pod,
                "ended",
                "r1",
                error,
                error,
                random.nextBoolean());
    }

    @Test
    void nothingIsHeldOnceEveryEventEnded() throws Exception {
        CountDownLatch done = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            long seed = i;
            Thread.ofPlatform().start(() -> {
                Random random = new Random(seed);
                try {
                    for (int step = 0; step < STEPS; step++) {
                        step(random);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                } finally {
                    done.countDown();
                }
            });
        }
        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();

        endWhatWaits();

        assertThat(failures).isEmpty();
        assertThat(answers).hasSizeGreaterThan(THREADS * STEPS / 3).allMatch(Future::succeeded);
        assertThat(dispatcher.admitted()).isZero();
        assertThat(dispatcher.payloadBytes()).isZero();
        List<VersionDemand> demand = new ArrayList<>(dispatcher.demand(version -> true));
        assertThat(demand).allSatisfy(version -> {
            assertThat(version.inFlight()).isZero();
            assertThat(version.queued()).isZero();
            assertThat(version.instances())
                    .allSatisfy(instance -> assertThat(instance.inFlight()).isZero());
        });
        assertThat(mostOfLimited.get()).isBetween(1, 3);
    }

    private void endWhatWaits() throws InterruptedException {
        skipMs = 10_000;
        for (int i = 0; i < 500 && (running.get() > 0 || !answers.stream().allMatch(Future::isComplete)); i++) {
            dispatcher.tick();
            Thread.sleep(10);
        }
    }
}
