package dev.kappa.gateway.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.shim.ShimClient;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final VersionKey HELLO = new VersionKey("default", "hello", "$LATEST");

    private final Vertx vertx = Vertx.vertx();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile @Nullable VersionFacts facts = new VersionFacts("r1", 3, null, null);
    private volatile long skipMs;
    private volatile boolean owner = true;
    private FakeShim shim;
    private Dispatcher dispatcher;

    @BeforeEach
    void start() throws Exception {
        shim = new FakeShim(vertx, "pod-1");
        dispatcher = new Dispatcher(
                new Limits(3, 60_000, 1_000_000, 300),
                new ShimClient(vertx, new InstanceTokens("secret")),
                new Facts() {
                    @Override
                    public @Nullable VersionFacts version(VersionKey key) {
                        return facts;
                    }

                    @Override
                    public long podScheduledAtMs(String namespace, String pod) {
                        return 0;
                    }

                    @Override
                    public boolean owns(FunctionKey function) {
                        return owner;
                    }
                },
                new DispatchListener() {
                    @Override
                    public void unmet(VersionKey version) {
                        heard.add("unmet");
                    }

                    @Override
                    public void hello(Hello hello) {
                        heard.add("hello " + hello.pod());
                    }

                    @Override
                    public void lost(VersionKey version, LostInstance lost) {
                        heard.add("lost " + lost.pod());
                    }
                },
                () -> System.currentTimeMillis() + skipMs);
        vertx.setPeriodic(20, id -> dispatcher.tick());
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private Future<Answer> submit(String payload) {
        return dispatcher.submit(event(payload));
    }

    private static Event event(String payload) {
        return new Event(
                UUID.randomUUID().toString(),
                HELLO,
                Buffer.buffer(payload),
                "arn",
                null,
                null,
                false,
                System.currentTimeMillis());
    }

    private static Answer await(Future<Answer> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static void until(BooleanSupplier condition) throws Exception {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private VersionDemand demand() {
        return dispatcher.demand(version -> true).get(0);
    }

    @Test
    void holdsAnEventUntilAnInstanceSaysHello() throws Exception {
        Future<Answer> answer = submit("1");
        assertThat(heard).containsExactly("unmet");
        assertThat(demand().queued()).isEqualTo(1);

        dispatcher.hello(shim.hello("hello", 1));

        assertThat(await(answer)).isInstanceOfSatisfying(Answer.Executed.class, executed -> {
            assertThat(executed.payload()).hasToString("1");
            assertThat(executed.coldStart()).isNotNull();
            assertThat(requireNonNull(executed.coldStart()).header())
                    .matches("started=\\d+;initialized=\\d+;answered=\\d+");
        });
        assertThat(demand().completed()).isEqualTo(1);
        assertThat(demand().inFlight()).isZero();
    }

    @Test
    void tellsNoColdStartOfAWarmEvent() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        Thread.sleep(5);

        assertThat(await(submit("1")))
                .isInstanceOfSatisfying(
                        Answer.Executed.class,
                        executed -> assertThat(executed.coldStart()).isNull());
    }

    @Test
    void keepsToTheCapacityOfAnInstanceAndToTheOrderOfEvents() throws Exception {
        shim.hold();
        dispatcher.hello(shim.hello("hello", 1));
        Future<Answer> first = submit("1");
        Future<Answer> second = submit("2");
        until(() -> shim.held.size() == 1);
        Thread.sleep(50);
        assertThat(shim.held).hasSize(1);
        assertThat(demand().queued()).isEqualTo(1);

        shim.held.get(0).response().end("a");
        until(() -> shim.held.size() == 2);
        shim.held.get(1).response().end("b");

        assertThat(await(first))
                .isInstanceOfSatisfying(
                        Answer.Executed.class, e -> assertThat(e.payload()).hasToString("a"));
        assertThat(await(second))
                .isInstanceOfSatisfying(
                        Answer.Executed.class, e -> assertThat(e.payload()).hasToString("b"));
    }

    @Test
    void prefersTheMostRecentlyUsedInstance() throws Exception {
        FakeShim other = new FakeShim(vertx, "pod-2");
        dispatcher.hello(shim.hello("hello", 1));
        dispatcher.hello(other.hello("hello", 1));

        for (int i = 0; i < 5; i++) {
            await(submit("x"));
        }

        assertThat(List.of(shim.ran.size(), other.ran.size())).containsExactlyInAnyOrder(0, 5);
    }

    @Test
    void throttlesWhenTheQueueIsFull() throws Exception {
        for (int i = 0; i < 3; i++) {
            submit("x");
        }

        assertThat(await(submit("x"))).isEqualTo(new Answer.Throttled(ThrottleReason.CONCURRENT));
        assertThat(demand().outcomes().throttled()).isEqualTo(1);
    }

    @Test
    void throttlesAtTheReservedConcurrency() throws Exception {
        facts = new VersionFacts("r1", 3, 1, null);
        submit("x");

        assertThat(await(submit("x"))).isEqualTo(new Answer.Throttled(ThrottleReason.RESERVED));
    }

    @Test
    void throttlesPayloadsThatWouldFillTheMemory() throws Exception {
        submit("x".repeat(900_000));

        assertThat(await(submit("x".repeat(200_000)))).isInstanceOf(Answer.Throttled.class);
    }

    @Test
    void goesElsewhereWhenAnInstanceRefuses() throws Exception {
        FakeShim other = new FakeShim(vertx, "pod-2");
        other.refuse(Wire.REFUSED_DRAINING);
        dispatcher.hello(shim.hello("hello", 1));
        dispatcher.hello(other.hello("hello", 1));

        assertThat(await(submit("1"))).isInstanceOf(Answer.Executed.class);
        assertThat(other.ran).hasSize(1);
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void triesABusyInstanceAgain() throws Exception {
        shim.refuse(Wire.REFUSED_BUSY);
        dispatcher.hello(shim.hello("hello", 1));
        Future<Answer> answer = submit("1");
        until(() -> shim.ran.size() >= 2);

        shim.behaviour = (request, payload) -> request.response().end(payload);

        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void goesElsewhereWhenNobodyListensAndReportsTheLoss() throws Exception {
        FakeShim gone = new FakeShim(vertx, "pod-2");
        dispatcher.hello(shim.hello("hello", 1));
        dispatcher.hello(gone.hello("hello", 1));
        gone.stop();

        assertThat(await(submit("1"))).isInstanceOf(Answer.Executed.class);
        until(() -> heard.contains("lost pod-2"));
    }

    @Test
    void anInstanceThatSaysFarewellIsLostAndItsEventsGoElsewhere() throws Exception {
        FakeShim ended = new FakeShim(vertx, "pod-2");
        dispatcher.hello(ended.hello("hello", 1));

        dispatcher.farewell(new Farewell("default", "hello", "$LATEST", "pod-2", "exited"));
        dispatcher.farewell(new Farewell("default", "hello", "$LATEST", "pod-of-another", "exited"));

        assertThat(heard).contains("lost pod-2").doesNotContain("lost pod-of-another");
        Future<Answer> answer = submit("1");
        Thread.sleep(50);
        assertThat(ended.ran).isEmpty();
        dispatcher.hello(shim.hello("hello", 1));
        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void neverRetriesABrokenEventAndTellsHowTheProcessEnded() throws Exception {
        FakeShim other = new FakeShim(vertx, "pod-2");
        dispatcher.hello(other.hello("hello", 1));
        dispatcher.hello(shim.hello("hello", 1));
        shim.breakConnections();
        shim.fate = request -> request.response().end("{\"exitStatus\":137}");

        Answer answer = await(submit("1"));

        assertThat(answer).isInstanceOfSatisfying(Answer.Executed.class, executed -> {
            assertThat(executed.functionError()).isEqualTo("Unhandled");
            assertThat(executed.payload().toJsonObject().getString("errorType")).isEqualTo("Runtime.ExitError");
            assertThat(executed.payload().toJsonObject().getString("errorMessage"))
                    .isEqualTo("RequestId: " + shim.ran.get(0) + " Error: Runtime exited with error: signal: killed");
        });
        assertThat(other.ran).isEmpty();
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void tellsTheExitStatus() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        shim.breakConnections();
        shim.fate = request -> request.response().end("{\"exitStatus\":3}");

        assertThat(await(submit("1")))
                .isInstanceOfSatisfying(
                        Answer.Executed.class,
                        executed -> assertThat(executed.payload().toJsonObject().getString("errorMessage"))
                                .endsWith("exit status 3"));
    }

    @Test
    void failsABrokenEventThatNobodyKnows() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        shim.breakConnections();

        assertThat(await(submit("1")))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.status()).isEqualTo(502));
    }

    @Test
    void usesAnInstanceAgainOnceItsStateIsReady() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        shim.refuse(Wire.REFUSED_INITIALIZING);
        Future<Answer> answer = submit("1");
        until(() -> shim.ran.size() == 1);

        shim.behaviour = (request, payload) -> request.response().end(payload);

        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void findsAPodWhoseHelloGotLost() throws Exception {
        Future<Answer> answer = submit("1");

        dispatcher.podSeen(HELLO, "pod-1", shim.address(), "r1");

        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void leavesInstancesOfAnOldRevisionAlone() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        facts = new VersionFacts("r2", 3, null, null);

        Future<Answer> answer = submit("1");
        Thread.sleep(50);

        assertThat(answer.isComplete()).isFalse();
        assertThat(shim.ran).isEmpty();
        assertThat(demand().instances()).isEmpty();

        facts = new VersionFacts("r1", 3, null, null);
        dispatcher.changed(HELLO.functionKey());
        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void endsAnEventThatWaitedTooLongWithTheReason() throws Exception {
        facts = new VersionFacts("r1", 3, null, "the image cannot be pulled");
        Future<Answer> answer = submit("1");
        skipMs = 61_000;

        assertThat(await(answer))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.message())
                                .contains("within 61 s")
                                .contains("the image cannot be pulled"));
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void givesWaitingEventsAwayWhenAnotherGatewayOwnsThem() throws Exception {
        Future<Answer> answer = submit("1");

        dispatcher.releaseUnless(function -> false);

        assertThat(await(answer)).isEqualTo(new Answer.Moved());
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void takesNothingThatAnotherGatewayOwnsUnlessThatOneCannotBeReached() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        owner = false;

        assertThat(await(submit("1"))).isEqualTo(new Answer.Moved());
        assertThat(shim.ran).isEmpty();
        Future<Answer> held = dispatcher.hold(event("2"));
        assertThat(await(held)).isInstanceOf(Answer.Executed.class);
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void whatAnInstanceRefusesGoesToWhoOwnsTheFunctionMeanwhile() throws Exception {
        shim.refuse(Wire.REFUSED_BUSY);
        dispatcher.hello(shim.hello("hello", 1));
        Future<Answer> answer = submit("1");
        Thread.sleep(50);
        assertThat(answer.isComplete()).isFalse();

        owner = false;

        assertThat(await(answer)).isEqualTo(new Answer.Moved());
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void forgetsGonePods() throws Exception {
        dispatcher.hello(shim.hello("hello", 1));
        dispatcher.podGone(HELLO, "pod-1");

        Future<Answer> answer = submit("1");
        Thread.sleep(50);

        assertThat(answer.isComplete()).isFalse();
    }

    @Test
    void eventsOfCallersPassThoseThatNobodyWaitsFor() throws Exception {
        Event nobodyWaits = background("b", 60_000);
        Future<Answer> background = dispatcher.submit(nobodyWaits);
        Future<Answer> called = submit("1");
        dispatcher.hello(shim.hello("hello", 1));

        await(called);
        await(background);

        assertThat(shim.ran).hasSize(2).last().isEqualTo(nobodyWaits.requestId());
    }

    @Test
    void whatNobodyWaitsForTakesNoReservedPlaceWhileItWaits() throws Exception {
        facts = new VersionFacts("r1", 3, 1, null);
        Future<Answer> background = dispatcher.submit(background("b", 60_000));

        assertThat(dispatcher.admitted()).isZero();
        Future<Answer> called = submit("1");
        assertThat(dispatcher.admitted()).isEqualTo(1);
        assertThat(demand().queued()).isEqualTo(1);
        dispatcher.hello(shim.hello("hello", 2));

        assertThat(await(called)).isInstanceOf(Answer.Executed.class);
        assertThat(await(background)).isInstanceOf(Answer.Executed.class);
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void whatNobodyWaitsForIsGivenBackAtItsTime() throws Exception {
        Future<Answer> background = dispatcher.submit(background("b", 100));

        assertThat(await(background)).isInstanceOf(Answer.Failed.class);
        assertThat(demand().queued()).isZero();
    }

    private static Event background(String payload, long waitsMs) {
        long now = System.currentTimeMillis();
        return new Event(
                UUID.randomUUID().toString(),
                HELLO,
                Buffer.buffer("\"" + payload + "\""),
                "arn",
                null,
                null,
                false,
                now,
                true,
                now + waitsMs);
    }
}
