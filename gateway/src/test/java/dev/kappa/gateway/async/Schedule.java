package dev.kappa.gateway.async;

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
import dev.kappa.history.History;
import dev.kappa.history.History.Answer;
import dev.kappa.history.History.Run;
import dev.kappa.history.History.Sample;
import dev.kappa.history.History.Sent;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.Target;
import dev.kappa.wire.Fate;
import dev.kappa.wire.Hello;
import dev.kappa.wire.ShimState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Some events through the real invoker, runner, dispatcher and settlement, in an order and with crashes that follow from a
 * seed. Gateways that are killed are followed by new ones; while one stands still another takes what it had in hand.
 */
final class Schedule {
    static final int EVENTS = 4;
    private static final int LONGEST = 1_000;
    private static final VersionKey VERSION = new VersionKey("default", "hello", "$LATEST");
    private static final AsyncSettings SETTINGS = new AsyncSettings(
            1, AsyncSettings.DEFAULT.maxEventAgeMs(), new Target.Nats("records"), new Target.Nats("records"));

    private final Faults faults;
    private final BreakingStores stores;
    private final Wiring wiring;
    private final WebHooks webHooks;
    private final Catalog catalog = new Catalog();
    private final AsyncMeters meters = new AsyncMeters(new SimpleMeterRegistry());
    private final List<Sent> sent = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Integer> runsOf = new HashMap<>();

    /** How the parts reach their stores: the places where a mutant differs. */
    interface Wiring {
        default EventQueue queue(BreakingStores stores) {
            return stores;
        }

        default OutcomeStore outcomes(BreakingStores stores) {
            return stores;
        }

        default Delivery delivery(Delivery delivery) throws QueueException {
            return delivery;
        }
    }

    Schedule(long seed, Wiring wiring, WebHooks webHooks) {
        this.faults = new Faults(seed);
        this.stores = new BreakingStores(faults);
        this.wiring = wiring;
        this.webHooks = webHooks;
        faults.meanwhile = () -> {
            faults.nowMs += BreakingStores.ACK_WAIT_MS;
            drainOne();
        };
        catalog.put(
                new FunctionInfo("default", "hello", 3, null, "r1", null, null, SETTINGS, null, Integer.MAX_VALUE, ""));
    }

    /** Runs it until the queue is empty. */
    History run() {
        AsyncInvoker invoker = new AsyncInvoker(wiring.queue(stores), meters, 1 << 20, 1000);
        int steps = 0;
        while (sent.size() < EVENTS || !stores.messages.isEmpty()) {
            if (++steps > LONGEST) {
                throw new AssertionError("no end; faults: " + faults.list);
            }
            if (sent.size() < EVENTS && faults.random.nextInt(3) == 0) {
                send(invoker);
            } else if (!drainOne()) {
                faults.nowMs = stores.messages.values().stream()
                        .mapToLong(it -> it.dueAtMs)
                        .min()
                        .orElse(faults.nowMs);
            }
            faults.nowMs++;
            samples.add(new Sample(faults.nowMs, faults.nowMs, stores.messages.size()));
        }
        return new History(sent, runs, stores.settled, stores.delivered, List.of(), faults.list, samples);
    }

    private void send(AsyncInvoker invoker) {
        String key = String.valueOf(sent.size());
        // Of version 4, as those of all events but ticks.
        String id = new UUID((faults.random.nextLong() & ~0xF000L) | 0x4000L, faults.random.nextLong()).toString();
        long from = faults.nowMs;
        AsyncEvent event = new AsyncEvent(
                id,
                VERSION,
                "",
                null,
                ("\"" + key + "\"").getBytes(StandardCharsets.UTF_8),
                "arn:hello",
                null,
                null,
                "test",
                from,
                0);
        Answer answer;
        try {
            invoker.accept(event).toCompletionStage().toCompletableFuture().join();
            answer = Answer.ACCEPTED;
        } catch (CompletionException e) {
            answer = e.getCause() instanceof QueueException ? Answer.REFUSED : Answer.UNKNOWN;
        }
        sent.add(new Sent(
                key, answer, answer == Answer.UNKNOWN ? Optional.empty() : Optional.of(id), from, faults.nowMs));
    }

    /** A gateway takes one event as far as it gets; false if none is due. */
    private boolean drainOne() {
        Delivery delivery = stores.next();
        if (delivery == null) {
            return false;
        }
        try {
            gateway().run(wiring.delivery(delivery));
        } catch (Faults.Killed | QueueException e) {
            // Its delivery comes again.
        }
        return true;
    }

    private EventRunner gateway() {
        OutcomeStore outcomes = new RetryingOutcomeStore(
                wiring.outcomes(stores), () -> faults.nowMs, pause -> faults.nowMs += pause.toMillis());
        Dispatcher dispatcher = new Dispatcher(
                new Limits(10, 60_000, 1_000_000, 300), new Shim(), new Known(), new Listeners(), () -> faults.nowMs);
        dispatcher.hello(
                new Hello("default", "hello", "$LATEST", "r1", "pod-1", "shim:1", 1, 1, 2, 3, null, null),
                new InstanceAddress("shim", 1, "pod-1"));
        Destinations destinations =
                new Destinations(stores, stores, webHooks, catalog, new Accounts("us-east-1", "default"));
        Settlement settlement = new Settlement(
                outcomes, stores.letters(), destinations, catalog, meters, Long.MAX_VALUE, () -> faults.nowMs);
        return new EventRunner(dispatcher, catalog, outcomes, settlement, new Retry(1_000), meters, () -> faults.nowMs);
    }

    /** The handler and its ledger: of three events one fails once, and one always. */
    private final class Shim implements ShimCalls {
        @Override
        public Future<ShimAnswer> invoke(InstanceAddress address, Event event, long limitMs) {
            String key = event.payload().toString().replace("\"", "");
            int count = runsOf.merge(key, 1, Integer::sum);
            int kind = Integer.parseInt(key) % 3;
            boolean success = kind == 0 || (kind == 1 && count > 1);
            faults.nowMs++;
            runs.add(new Run(event.requestId(), key, success, faults.nowMs));
            if (faults.draw()) {
                faults.note("the instance breaks");
                return Future.succeededFuture(new ShimAnswer.Unexpected(500, "broken"));
            }
            return Future.succeededFuture(
                    new ShimAnswer.Done(Buffer.buffer("{}"), success ? null : "Unhandled", null, null, 1, false));
        }

        @Override
        public Future<Optional<Fate>> fate(InstanceAddress address, Event event) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Optional<ShimState>> state(InstanceAddress address, VersionKey version) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public void after(long delayMs, Runnable action) {}
    }

    private final class Known implements ClusterView {
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
    }
}
