package dev.kappa.gateway.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.shim.ShimClient;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.LoopClient;
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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
    private volatile @Nullable VersionConfig facts = new VersionConfig("r1", 3, null, null);
    private volatile long skipMs;
    private volatile boolean owner = true;
    private final Map<String, KnownPod> pods = new ConcurrentHashMap<>();
    private FakeShim shim;
    private Dispatcher dispatcher;

    @BeforeEach
    void start() throws Exception {
        shim = new FakeShim(vertx, "pod-1");
        dispatcher = new Dispatcher(
                new Limits(3, 60_000, 1_000_000, 300),
                new ShimClient(
                        vertx, LoopClient.ofPlatform(vertx), new ExchangeClient(vertx), new InstanceTokens("secret")),
                new ClusterView() {
                    @Override
                    public @Nullable VersionConfig version(VersionKey key) {
                        return facts;
                    }

                    @Override
                    public @Nullable KnownPod pod(String namespace, String pod) {
                        return pods.get(pod);
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

    private Heard hello(FakeShim instance, int capacity) {
        return dispatcher.hello(instance.hello("hello", capacity), instance.address());
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
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
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

        hello(shim, 1);

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
        hello(shim, 1);
        Thread.sleep(5);

        assertThat(await(submit("1")))
                .isInstanceOfSatisfying(
                        Answer.Executed.class,
                        executed -> assertThat(executed.coldStart()).isNull());
    }

    @Test
    void keepsToTheCapacityOfAnInstanceAndToTheOrderOfEvents() throws Exception {
        shim.hold();
        hello(shim, 1);
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
        hello(shim, 1);
        hello(other, 1);

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
        facts = new VersionConfig("r1", 3, 1, null);
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
        hello(shim, 1);
        hello(other, 1);

        assertThat(await(submit("1"))).isInstanceOf(Answer.Executed.class);
        assertThat(other.ran).hasSize(1);
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void triesABusyInstanceAgain() throws Exception {
        shim.refuse(Wire.REFUSED_BUSY);
        hello(shim, 1);
        Future<Answer> answer = submit("1");
        until(() -> shim.ran.size() >= 2);

        shim.behaviour = (request, payload) -> request.response().end(payload);

        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void goesElsewhereWhenNobodyListensAndReportsTheLoss() throws Exception {
        FakeShim gone = new FakeShim(vertx, "pod-2");
        hello(shim, 1);
        hello(gone, 1);
        gone.stop();

        assertThat(await(submit("1"))).isInstanceOf(Answer.Executed.class);
        until(() -> heard.contains("lost pod-2"));
    }

    @Test
    void anInstanceThatSaysFarewellIsLostAndItsEventsGoElsewhere() throws Exception {
        FakeShim ended = new FakeShim(vertx, "pod-2");
        hello(ended, 1);

        dispatcher.farewell(new Farewell("default", "hello", "$LATEST", "pod-2", "exited"));
        dispatcher.farewell(new Farewell("default", "hello", "$LATEST", "pod-of-another", "exited"));

        assertThat(heard).contains("lost pod-2").doesNotContain("lost pod-of-another");
        Future<Answer> answer = submit("1");
        Thread.sleep(50);
        assertThat(ended.ran).isEmpty();
        hello(shim, 1);
        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void neverRetriesABrokenEventAndTellsHowTheProcessEnded() throws Exception {
        FakeShim other = new FakeShim(vertx, "pod-2");
        hello(other, 1);
        hello(shim, 1);
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
        hello(shim, 1);
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
        hello(shim, 1);
        shim.breakConnections();

        assertThat(await(submit("1")))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.status()).isEqualTo(502));
    }

    @Test
    void usesAnInstanceAgainOnceItsStateIsReady() throws Exception {
        hello(shim, 1);
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
        hello(shim, 1);
        facts = new VersionConfig("r2", 3, null, null);

        Future<Answer> answer = submit("1");
        Thread.sleep(50);

        assertThat(answer.isComplete()).isFalse();
        assertThat(shim.ran).isEmpty();
        assertThat(demand().instances()).isEmpty();

        facts = new VersionConfig("r1", 3, null, null);
        dispatcher.changed(HELLO.functionKey());
        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void endsAnEventThatWaitedTooLongWithTheReason() throws Exception {
        facts = new VersionConfig("r1", 3, null, "the image cannot be pulled.");
        Future<Answer> answer = submit("1");
        skipMs = 61_000;

        assertThat(await(answer))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.message())
                                .contains("within 61 s")
                                .endsWith("the image cannot be pulled."));
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void saysAfterAShortGraceWhyTheClusterGivesNoPods() throws Exception {
        facts = new VersionConfig("r1", 3, null, null, "the quota of namespace default is used up", Integer.MAX_VALUE);
        Future<Answer> answer = submit("1");
        Thread.sleep(100);
        assertThat(answer.isComplete()).isFalse();
        skipMs = 2_000;

        assertThat(await(answer)).isInstanceOfSatisfying(Answer.Failed.class, failed -> {
            assertThat(failed.status()).isEqualTo(502);
            assertThat(failed.message()).contains("can start: the quota of namespace default is used up");
        });
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void waitsOnWithoutMorePodsWhileAnInstanceIsThereOrTheReasonIsGone() throws Exception {
        shim.hold();
        hello(shim, 1);
        facts = new VersionConfig("r1", 3, null, null, "the quota is used up", Integer.MAX_VALUE);
        submit("1");
        Future<Answer> behind = submit("2");
        skipMs = 5_000;
        Thread.sleep(100);
        assertThat(behind.isComplete()).isFalse();

        dispatcher.podGone(HELLO, "pod-1");
        facts = new VersionConfig("r1", 3, null, null, null, Integer.MAX_VALUE);
        Thread.sleep(100);

        assertThat(behind.isComplete()).isFalse();
    }

    @Test
    void waitsForAnInitializationAsLongAsTheFunctionMayTake() throws Exception {
        facts = new VersionConfig("r1", 120, null, null);
        shim.phase = "initializing";
        Future<Answer> answer = submit("1");
        dispatcher.podSeen(HELLO, "pod-1", shim.address(), "r1");
        until(() -> shim.asked.get() > 1);

        skipMs = 100_000;
        Thread.sleep(100);
        assertThat(answer.isComplete()).isFalse();
        skipMs = 131_000;

        assertThat(await(answer)).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void waitsAMomentForAVersionThatWasJustMade() throws Exception {
        VersionConfig made = facts;
        facts = null;
        hello(shim, 1);
        Future<Answer> early = submit("1");
        Thread.sleep(100);
        facts = made;

        assertThat(await(early)).isInstanceOf(Answer.Executed.class);

        facts = null;
        long began = System.nanoTime();
        assertThat(await(submit("2"))).isInstanceOf(Answer.Failed.class);
        assertThat(System.nanoTime() - began).isBetween(900_000_000L, 3_000_000_000L);
        assertThat(dispatcher.payloadBytes()).isZero();
    }

    @Test
    void givesWaitingEventsAwayWhenAnotherGatewayOwnsThem() throws Exception {
        Future<Answer> answer = submit("1");

        dispatcher.releaseUnless(function -> false);

        assertThat(await(answer)).isEqualTo(new Answer.Moved());
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void takesNothingThatAnotherGatewayOwns() throws Exception {
        hello(shim, 1);
        owner = false;

        assertThat(await(submit("1"))).isEqualTo(new Answer.Moved());
        assertThat(shim.ran).isEmpty();
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void knowsNoInstancesOfWhatAnotherGatewayOwns() {
        owner = false;

        Heard hello = hello(shim, 1);
        Heard farewell = dispatcher.farewell(new Farewell("default", "hello", "$LATEST", "pod-1", "exited"));
        dispatcher.podSeen(HELLO, "pod-2", shim.address(), "r1");

        assertThat(List.of(hello, farewell)).containsOnly(Heard.NOT_OWNER);
        assertThat(heard).isEmpty();
        owner = true;
        assertThat(dispatcher.demand(version -> true)).isEmpty();
    }

    @Test
    void sendsNothingToAnAddressThatOnlyThePodTells() throws Exception {
        dispatcher.hello(shim.hello("hello", 1), null);
        Future<Answer> answer = submit("1");
        Thread.sleep(50);
        assertThat(shim.ran).isEmpty();

        dispatcher.podSeen(HELLO, "pod-1", shim.address(), "r1");

        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void sendsToTheAddressThatTheWatchOfPodsTells() throws Exception {
        FakeShim other = new FakeShim(vertx, "pod-2");
        pods.put("pod-1", new KnownPod(HELLO, shim.address(), null, 0));

        dispatcher.hello(shim.hello("hello", 1), other.address());

        assertThat(await(submit("1"))).isInstanceOf(Answer.Executed.class);
        assertThat(other.ran).isEmpty();
    }

    @Test
    void refusesWhatIsSaidOfAPodOfAnotherVersion() {
        pods.put("pod-1", new KnownPod(new VersionKey("default", "other", "1"), shim.address(), null, 0));

        assertThat(hello(shim, 1)).isEqualTo(Heard.FOREIGN_POD);
        assertThat(dispatcher.farewell(new Farewell("default", "hello", "$LATEST", "pod-1", "exited")))
                .isEqualTo(Heard.FOREIGN_POD);
        assertThat(heard).isEmpty();
    }

    @Test
    void keepsNoMoreInstancesThanAVersionCanUse() {
        Hello hello = shim.hello("hello", 1);
        Heard last = Heard.TAKEN;
        for (int i = 0; i < 6_000 && last == Heard.TAKEN; i++) {
            last = dispatcher.hello(
                    new Hello(
                            "default",
                            "hello",
                            "$LATEST",
                            "r1",
                            "invented-" + i,
                            hello.address(),
                            1,
                            1,
                            2,
                            3,
                            null,
                            null),
                    shim.address());
        }

        assertThat(last).isEqualTo(Heard.TOO_MANY);
    }

    @Test
    void holdsNothingForAnEventThatCannotBeSent() throws Exception {
        dispatcher.hello(shim.hello("hello", 1), new InstanceAddress("no host at all", -7, "pod-1"));

        Future<Answer> answer = submit("x".repeat(900_000));
        until(() -> demand().inFlight() == 0);
        assertThat(demand().queued()).isEqualTo(1);
        hello(shim, 1);

        assertThat(await(answer)).isInstanceOf(Answer.Executed.class);
        assertThat(dispatcher.admitted()).isZero();
        assertThat(dispatcher.payloadBytes()).isZero();
    }

    @Test
    void dispatchesNothingToAnEnvironmentThatSaidThatItEnds() throws Exception {
        shim.behaviour = (request, payload) ->
                request.response().putHeader(Wire.ENDING, "1").end("last");
        shim.phase = "initializing";
        hello(shim, 1);
        assertThat(await(submit("1"))).isInstanceOf(Answer.Executed.class);

        Future<Answer> second = submit("2");
        Thread.sleep(100);

        assertThat(shim.ran).hasSize(1);
        hello(shim, 1);
        assertThat(await(second)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void anEnvironmentThatFailedToInitializeGetsOneEvent() throws Exception {
        Hello good = shim.hello("hello", 2);
        shim.phase = "initializing";
        dispatcher.hello(
                new Hello("default", "hello", "$LATEST", "r1", "pod-1", good.address(), 2, 1, 2, 3, "Oops", "no"),
                shim.address());
        Future<Answer> first = submit("1");
        Future<Answer> second = submit("2");

        assertThat(await(first)).isInstanceOf(Answer.Executed.class);
        Thread.sleep(100);

        assertThat(shim.ran).hasSize(1);
        dispatcher.hello(good, shim.address());
        assertThat(await(second)).isInstanceOf(Answer.Executed.class);
    }

    @Test
    void aFailedInitializationAnswersTheEventThatItWasFor() throws Exception {
        Future<Answer> first = submit("1");
        Future<Answer> second = submit("2");

        Heard taken = dispatcher.farewell(new Farewell(
                "default", "hello", "$LATEST", "pod-1", "the initialisation failed", "r1", "Oops", "no luck", true));

        assertThat(taken).isEqualTo(Heard.TAKEN);
        assertThat(await(first)).isInstanceOfSatisfying(Answer.Executed.class, executed -> {
            assertThat(executed.functionError()).isEqualTo("Unhandled");
            assertThat(executed.payload().toJsonObject().getMap())
                    .isEqualTo(Map.of("errorType", "Oops", "errorMessage", "no luck"));
        });
        assertThat(second.isComplete()).isFalse();
        assertThat(heard).contains("hello pod-1").doesNotContain("lost pod-1");
        hello(shim, 1);
        assertThat(await(second)).isInstanceOf(Answer.Executed.class);
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void whatAnInstanceRefusesGoesToWhoOwnsTheFunctionMeanwhile() throws Exception {
        shim.refuse(Wire.REFUSED_BUSY);
        hello(shim, 1);
        Future<Answer> answer = submit("1");
        Thread.sleep(50);
        assertThat(answer.isComplete()).isFalse();

        owner = false;

        assertThat(await(answer)).isEqualTo(new Answer.Moved());
        assertThat(dispatcher.admitted()).isZero();
    }

    @Test
    void forgetsGonePods() throws Exception {
        hello(shim, 1);
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
        hello(shim, 1);

        await(called);
        await(background);

        assertThat(shim.ran).hasSize(2).last().isEqualTo(nobodyWaits.requestId());
    }

    @Test
    void whatNobodyWaitsForTakesNoReservedPlaceWhileItWaits() throws Exception {
        facts = new VersionConfig("r1", 3, 1, null);
        Future<Answer> background = dispatcher.submit(background("b", 60_000));

        assertThat(dispatcher.admitted()).isZero();
        Future<Answer> called = submit("1");
        assertThat(dispatcher.admitted()).isEqualTo(1);
        assertThat(demand().queued()).isEqualTo(1);
        hello(shim, 2);

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

    /** Its shim takes the token of release 0.1.0, and refuses others before it runs anything. */
    @Test
    void eventsOfAnInstanceThatAnUpgradeLeftAreSentAgainWithItsToken() throws Exception {
        String old = new InstanceTokens("secret").ofRelease010(HELLO);
        shim.behaviour = (request, payload) -> {
            if (old.equals(request.getHeader(Wire.TOKEN))) {
                request.response().end(payload);
                return;
            }
            shim.held.add(request);
            if (shim.held.size() == 2) {
                shim.held.forEach(it -> it.response().setStatusCode(403).end());
            }
        };
        hello(shim, 2);

        Future<Answer> first = submit("1");
        Future<Answer> second = submit("2");

        assertThat(await(first))
                .isInstanceOfSatisfying(
                        Answer.Executed.class, it -> assertThat(it.payload()).hasToString("1"));
        assertThat(await(second))
                .isInstanceOfSatisfying(
                        Answer.Executed.class, it -> assertThat(it.payload()).hasToString("2"));
        await(submit("3"));
        assertThat(shim.held).as("asked with the new token").hasSize(2);
    }
}
