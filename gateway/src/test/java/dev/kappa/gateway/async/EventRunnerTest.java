package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.async.MemoryStores.MemoryDelivery;
import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.dispatch.ClusterView;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.gateway.dispatch.Limits;
import dev.kappa.gateway.dispatch.Listeners;
import dev.kappa.gateway.dispatch.VersionConfig;
import dev.kappa.gateway.shim.ShimClient;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.LoopClient;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.stores.events.Target;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventRunnerTest {
    private static final FunctionKey HELLO = new FunctionKey("default", "hello");

    private final Vertx vertx = Vertx.vertx();
    private final Catalog catalog = new Catalog();
    private final MemoryStores stores = new MemoryStores();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long skipMs;
    private FakeShim shim;
    private EventRunner runner;

    @BeforeEach
    void start() throws Exception {
        shim = new FakeShim(vertx, "pod-1");
        Dispatcher dispatcher = new Dispatcher(
                new Limits(10, 60_000, 1_000_000, 300),
                new ShimClient(
                        vertx, LoopClient.ofPlatform(vertx), new ExchangeClient(vertx), new InstanceTokens("secret")),
                new ClusterView() {
                    @Override
                    public @Nullable VersionConfig version(VersionKey key) {
                        return catalog.config(key);
                    }

                    @Override
                    public @Nullable KnownPod pod(String namespace, String pod) {
                        return null;
                    }

                    @Override
                    public boolean owns(FunctionKey function) {
                        return true;
                    }
                },
                new Listeners(),
                System::currentTimeMillis);
        AsyncMeters meters = new AsyncMeters(registry);
        Destinations destinations = new Destinations(
                stores,
                stores,
                new WebHooks(vertx, new WebHookSigner("secret"), List.of()),
                catalog,
                new Accounts("us-east-1", "default"));
        Settlement settlement = new Settlement(
                stores, stores, destinations, catalog, meters, 3_600_000, () -> System.currentTimeMillis() + skipMs);
        runner = new EventRunner(
                dispatcher,
                catalog,
                stores,
                settlement,
                new Retry(60_000),
                meters,
                () -> System.currentTimeMillis() + skipMs);
        function("hello", null, null, null);
        dispatcher.hello(shim.hello("hello", 1), shim.address());
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void anAnsweredEventIsSettledOnceHoweverOftenItComes() {
        stores.outcomes.clear();
        AsyncEvent event = event("1", 0);

        MemoryDelivery first = run(event, 1);
        MemoryDelivery second = run(event, 2);

        assertThat(first.done).isTrue();
        assertThat(second.done).isTrue();
        assertThat(shim.ran).hasSize(1);
        assertThat(outcome(event).condition()).isEqualTo(Condition.SUCCESS);
        assertThat(registry.get("kappa.async.ended").counter().count()).isEqualTo(1);
    }

    @Test
    void aTickThatIsSentAgainAfterTheQueueForgotItDoesNotRunAgain() {
        String id = UUID.nameUUIDFromBytes(new byte[] {1}).toString();
        AsyncEvent tick = event(id, "1", 0, "");

        run(tick, 1);
        MemoryDelivery again = run(event(id, "1", 0, ""), 1);

        assertThat(again.done).isTrue();
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void theRecordGoesToItsDestinationInLambdasForm() {
        function("hello", null, new Target.Nats("done"), null);
        AsyncEvent event = event("{\"a\":1}", 0);

        run(event, 1);

        String message = stores.published.get(0);
        assertThat(message).startsWith("done ");
        JsonObject record = new JsonObject(message.substring(5));
        assertThat(record.getString("version")).isEqualTo("1.0");
        assertThat(record.getJsonObject("requestContext"))
                .isEqualTo(new JsonObject()
                        .put("requestId", event.requestId())
                        .put("functionArn", "arn:hello:$LATEST")
                        .put("condition", "Success")
                        .put("approximateInvokeCount", 1));
        assertThat(record.getJsonObject("requestPayload")).isEqualTo(new JsonObject().put("a", 1));
        assertThat(record.getJsonObject("responseContext"))
                .isEqualTo(new JsonObject().put("statusCode", 200).put("executedVersion", "$LATEST"));
        assertThat(record.getValue("responsePayload")).isEqualTo(new JsonObject().put("a", 1));
    }

    @Test
    void aBrokenDestinationIsTriedAgainWithoutAnotherRun() {
        function("hello", null, new Target.Nats("done"), null);
        stores.brokenSubject = "done";
        AsyncEvent event = event("1", 0);

        MemoryDelivery first = run(event, 1);
        stores.brokenSubject = null;
        MemoryDelivery second = run(event, 2);

        assertThat(first.done).isFalse();
        assertThat(first.again).isEqualTo(Duration.ofSeconds(2));
        assertThat(second.done).isTrue();
        assertThat(stores.published).hasSize(1);
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void aDestinationThatNeverTakesItIsGivenUpAndTheEventIsKept() {
        function("hello", null, new Target.Nats("done"), null);
        stores.brokenSubject = "done";
        AsyncEvent event = event("1", 0);

        run(event, 1);
        skipMs = 3_600_001;
        MemoryDelivery last = run(event, 2);

        assertThat(last.done).isTrue();
        assertThat(stores.letters).hasSize(1);
        assertThat(stores.letters.get(0).outcome().due().get(0).error()).contains("NATS subject done");
    }

    @Test
    void aDeadLetterThatWasTakenOutDoesNotComeBackWithAnotherTryOfItsDestination() {
        catalog.put(new FunctionInfo(
                "default", "hello", 3, 0, "r1", null, null, null, new Target.Nats("dead"), Integer.MAX_VALUE, ""));
        stores.brokenSubject = "dead";
        AsyncEvent event = event("1", 0);

        run(event, 1);
        assertThat(stores.purge(HELLO)).isEqualTo(1);
        MemoryDelivery second = run(event, 2);

        assertThat(second.done).isFalse();
        assertThat(stores.letters).isEmpty();
    }

    @Test
    void aSwitchedOffFunctionRunsNothing() {
        catalog.put(new FunctionInfo("default", "hello", 3, 0, "r1", null));
        AsyncEvent event = event("1", 0);

        MemoryDelivery delivery = run(event, 1);

        assertThat(delivery.done).isTrue();
        assertThat(outcome(event).condition()).isEqualTo(Condition.ZERO_RESERVED_CONCURRENCY);
        assertThat(outcome(event).invocations()).isZero();
        assertThat(stores.letters).hasSize(1);
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void anEventOfAFunctionThatIsGoneWaitsAMinuteBeforeItIsGivenUp() {
        catalog.removeFunction(new FunctionKey("default", "hello"));
        AsyncEvent event = event("1", 0);

        MemoryDelivery early = run(event, 1);
        skipMs = 60_001;
        MemoryDelivery late = run(event, 2);

        assertThat(early.again).isEqualTo(Duration.ofSeconds(5));
        assertThat(late.done).isTrue();
        assertThat(outcome(event).condition()).isEqualTo(Condition.FUNCTION_DELETED);
    }

    @Test
    void anEventThatIsTooOldIsNotRun() {
        AsyncEvent event = event("1", 0);
        skipMs = AsyncSettings.DEFAULT.maxEventAgeMs() + 1;

        run(event, 1);

        assertThat(outcome(event).condition()).isEqualTo(Condition.EVENT_AGE_EXCEEDED);
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void aDelayThatTheQueueForgotIsKept() {
        AsyncEvent event = event("1", 0);
        stores.failed(HELLO, event.requestId(), new Attempts(1, System.currentTimeMillis() + 30_000, "{}"));

        MemoryDelivery delivery = run(event, 2);

        assertThat(delivery.again).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(30));
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void aLoopOfDestinationsEnds() {
        function("hello", null, new Target.Function("hello", "$LATEST"), null);
        AsyncEvent event = event("1", 0);
        int runs = 0;

        while (event != null && runs < 100) {
            run(event, 1);
            runs++;
            var queue = stores.queues.get(new QueuePlace(new QueueKey(HELLO, ""), "memory"));
            event = queue == null ? null : queue.poll();
        }

        assertThat(runs).isEqualTo(Destinations.MAX_DEPTH + 1);
        assertThat(stores.letters).hasSize(1);
        assertThat(stores.letters.get(0).outcome().due().get(0).error()).contains("a loop");
    }

    @Test
    void aDeadLetterGoesToItsTargetWithLambdasAttributes() {
        function("hello", new Target.Function("morgue", "$LATEST"), null, null);
        function("morgue", null, null, null);
        catalog.put(new FunctionInfo(
                "default",
                "hello",
                3,
                0,
                "r1",
                null,
                null,
                null,
                new Target.Function("morgue", "$LATEST"),
                Integer.MAX_VALUE,
                ""));
        AsyncEvent event = event("{\"a\":1}", 0);

        run(event, 1);

        AsyncEvent letter = Objects.requireNonNull(Objects.requireNonNull(stores.queues.get(
                        new QueuePlace(new QueueKey(new FunctionKey("default", "morgue"), ""), "memory")))
                .poll());
        assertThat(letter.payload()).isEqualTo(event.payload());
        assertThat(letter.depth()).isEqualTo(1);
        JsonObject context = new JsonObject(
                Buffer.buffer(java.util.Base64.getDecoder().decode(Objects.requireNonNull(letter.clientContext()))));
        assertThat(context.getJsonObject("custom").getString("RequestID")).isEqualTo(event.requestId());
        assertThat(context.getJsonObject("custom").getString("ErrorMessage")).isEqualTo("ZeroReservedConcurrency");
    }

    @Test
    void anEventOfADeletedFunctionDoesNotRunOnTheNextOneOfItsName() {
        AsyncSettings settings =
                new AsyncSettings(2, AsyncSettings.DEFAULT.maxEventAgeMs(), null, new Target.Nats("x"));
        catalog.put(new FunctionInfo(
                "default",
                "hello",
                3,
                null,
                "r1",
                null,
                null,
                settings,
                new Target.Nats("y"),
                Integer.MAX_VALUE,
                "second"));
        AsyncEvent event = event("1", 0, "first");

        MemoryDelivery early = run(event, 1);
        skipMs = 61_000;
        MemoryDelivery late = run(event, 2);

        assertThat(early.again).describedAs("informers may be behind").isEqualTo(Duration.ofSeconds(5));
        assertThat(late.done).isTrue();
        assertThat(outcome(event).condition()).isEqualTo(Condition.FUNCTION_DELETED);
        assertThat(outcome(event).due())
                .describedAs("the next one's destinations")
                .isEmpty();
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void anEventThatCannotBeReadIsADeadLetterWithTheReason() {
        AsyncEvent event = event("garbage", 0);
        MemoryDelivery delivery = new MemoryDelivery(event, 1, "its header Kappa-Depth is 'x', no number");

        runner.run(delivery);

        assertThat(delivery.done).isTrue();
        assertThat(outcome(event).condition()).isEqualTo(Condition.UNREADABLE);
        assertThat(stores.letters).singleElement().satisfies(letter -> {
            assertThat(letter.payload()).isEqualTo("garbage");
            assertThat(letter.outcome().response()).contains("Kappa-Depth");
        });
    }

    private void function(
            String name, @Nullable Target deadLetter, @Nullable Target onSuccess, @Nullable Target onFailure) {
        AsyncSettings settings = new AsyncSettings(2, AsyncSettings.DEFAULT.maxEventAgeMs(), onSuccess, onFailure);
        catalog.put(new FunctionInfo(
                "default", name, 3, null, "r1", null, null, settings, deadLetter, Integer.MAX_VALUE, ""));
    }

    private MemoryDelivery run(AsyncEvent event, long count) {
        MemoryDelivery delivery = new MemoryDelivery(event, count);
        runner.run(delivery);
        return delivery;
    }

    private Outcome outcome(AsyncEvent event) {
        return Objects.requireNonNull(stores.outcomes.get(event.requestId()));
    }

    private static AsyncEvent event(String payload, int depth) {
        return event(payload, depth, "");
    }

    private static AsyncEvent event(String payload, int depth, String uid) {
        return event(UUID.randomUUID().toString(), payload, depth, uid);
    }

    private static AsyncEvent event(String id, String payload, int depth, String uid) {
        return new AsyncEvent(
                id,
                new VersionKey("default", "hello", "$LATEST"),
                uid,
                null,
                payload.getBytes(StandardCharsets.UTF_8),
                "arn:hello",
                null,
                null,
                "test",
                System.currentTimeMillis(),
                depth);
    }
}
