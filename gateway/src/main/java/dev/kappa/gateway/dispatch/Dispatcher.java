package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dispatchers of all functions that this gateway owns. */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Limits limits;
    private final ShimCalls calls;
    private final ClusterView cluster;
    private final DispatchListener listener;
    private final LongSupplier clock;
    private final Map<FunctionKey, FunctionDispatcher> functions = new ConcurrentHashMap<>();
    private final PayloadBudget payloads;
    private final ShortWait wait;

    /**
     * An empty dispatcher.
     *
     * @param limits its bounds
     * @param calls how it reaches instances
     * @param cluster what it looks up
     * @param listener who hears of demand and losses
     * @param clock epoch milliseconds
     */
    public Dispatcher(
            Limits limits, ShimCalls calls, ClusterView cluster, DispatchListener listener, LongSupplier clock) {
        this.limits = limits;
        this.calls = calls;
        this.cluster = cluster;
        this.listener = new Listeners(listener);
        this.clock = clock;
        this.wait = new ShortWait(calls::after);
        this.payloads = new PayloadBudget(limits.payloadBytes());
    }

    /**
     * Runs an event as soon as an instance is free.
     *
     * @param event what to run
     * @return its answer, {@link Answer.Moved} if another gateway owns the function; completed on any thread, fails never
     */
    public Future<Answer> submit(Event event) {
        Optional<Reservation> bytes = reservePayload(event);
        if (bytes.isEmpty()) {
            return Future.succeededFuture(new Answer.Throttled(ThrottleReason.CONCURRENT));
        }
        return answer(event).onComplete(ended -> {
            bytes.get().release();
            if (ended.result() instanceof Answer.Throttled throttled) {
                tellThrottled(event, throttled);
            }
        });
    }

    private Future<Answer> answer(Event event) {
        Future<Answer> answer = dispatch(event);
        if (answer != null) {
            return answer;
        }
        return wait.find(0, () -> Optional.ofNullable(cluster.version(event.version())))
                .transform(looked -> {
                    Future<Answer> later = dispatch(event);
                    return later == null ? notKnown(event) : later;
                });
    }

    private static Future<Answer> notKnown(Event event) {
        return Future.succeededFuture(
                new Answer.Failed(500, "Version " + event.version() + " is not known to its gateway yet; try again."));
    }

    private @Nullable Future<Answer> dispatch(Event event) {
        try {
            return function(event.version().functionKey()).submit(event);
        } catch (RuntimeException e) {
            LOG.error("Event {} of {} was not taken", event.requestId(), event.version(), e);
            return Future.succeededFuture(new Answer.Failed(500, "The gateway failed: " + e));
        }
    }

    /**
     * Keeps memory for the payload of an event that another gateway runs; {@link #submit} does so itself.
     *
     * @param event the event
     * @return what is to be released once the event ended; empty if the event is to be throttled
     */
    public Optional<Reservation> reservePayload(Event event) {
        Optional<Reservation> bytes = payloads.reserve(event.payload().length());
        if (bytes.isEmpty()) {
            tellThrottled(event, new Answer.Throttled(ThrottleReason.CONCURRENT));
        }
        return bytes;
    }

    private void tellThrottled(Event event, Answer.Throttled throttled) {
        listener.ended(event.version(), throttled, clock.getAsLong() - event.arrivedAtMs());
    }

    /**
     * An instance is ready, or failed to be.
     *
     * @param hello what it said
     * @param seen where the call came from, null if that is not where the pod says that it listens
     * @return what became of it
     */
    public Heard hello(Hello hello, @Nullable InstanceAddress seen) {
        VersionKey key = new VersionKey(hello.namespace(), hello.function(), hello.version());
        return function(key.functionKey()).instances().hello(key, hello, seen);
    }

    /**
     * The environment of an instance came to its end.
     *
     * @param farewell what it said
     * @return what became of it
     */
    public Heard farewell(Farewell farewell) {
        VersionKey key = new VersionKey(farewell.namespace(), farewell.function(), farewell.version());
        return function(key.functionKey()).instances().farewell(key, farewell);
    }

    /**
     * A pod has an address.
     *
     * @param key version of the pod
     * @param pod its name
     * @param address where its shim listens
     * @param revision what it runs
     */
    public void podSeen(VersionKey key, String pod, InstanceAddress address, String revision) {
        function(key.functionKey()).instances().podSeen(key, pod, address, revision);
    }

    /**
     * A pod goes or is gone.
     *
     * @param key version of the pod
     * @param pod its name
     */
    public void podGone(VersionKey key, String pod) {
        FunctionDispatcher dispatcher = functions.get(key.functionKey());
        if (dispatcher != null) {
            dispatcher.instances().podGone(key, pod);
        }
    }

    /**
     * Forgets instances whose pods do not exist.
     *
     * @param podExists namespace and name of a pod
     * @param olderThanMs spares instances younger than this, whose pods the informer may not show yet
     */
    public void retain(BiPredicate<String, String> podExists, long olderThanMs) {
        functions.forEach((key, dispatcher) ->
                dispatcher.instances().retain(pod -> podExists.test(key.namespace(), pod), olderThanMs));
    }

    /**
     * A function or one of its versions changed.
     *
     * @param key the function
     */
    public void changed(FunctionKey key) {
        FunctionDispatcher dispatcher = functions.get(key);
        if (dispatcher != null) {
            dispatcher.changed();
        }
    }

    /**
     * Gives away what this gateway does not own any more.
     *
     * @param owned whether it still owns a function
     */
    public void releaseUnless(Predicate<FunctionKey> owned) {
        functions.forEach((key, dispatcher) -> {
            if (!owned.test(key)) {
                dispatcher.release();
            }
        });
    }

    /** Gives away the events without a caller that wait: this gateway leaves. */
    public void releaseBackground() {
        functions.values().forEach(FunctionDispatcher::releaseBackground);
    }

    /**
     * Gives back the events without a caller that wait for a function.
     *
     * @param function that is gone, or another one by now
     */
    public void releaseBackground(FunctionKey function) {
        FunctionDispatcher dispatcher = functions.get(function);
        if (dispatcher != null) {
            dispatcher.releaseBackground();
        }
    }

    /**
     * The operator scaled a version up.
     *
     * @param key the version
     */
    public void decided(VersionKey key) {
        FunctionDispatcher dispatcher = functions.get(key.functionKey());
        if (dispatcher != null) {
            dispatcher.decided(key);
        }
    }

    /**
     * Demand of the versions that have events or instances.
     *
     * @param wanted which ones
     * @return one entry a version
     */
    public List<VersionDemand> demand(Predicate<VersionKey> wanted) {
        List<VersionDemand> demand = new ArrayList<>();
        functions.values().forEach(dispatcher -> dispatcher.demand(demand, wanted));
        return demand;
    }

    /** Ends what waited too long and asks after silent instances; to be called every 100 ms or so. */
    public void tick() {
        functions.values().forEach(FunctionDispatcher::tick);
    }

    /**
     * Events that came since the process began, here or to be handed to another gateway.
     *
     * @return their number
     */
    public long events() {
        return payloads.asked();
    }

    /**
     * Events that wait or run.
     *
     * @return their number
     */
    public int admitted() {
        return functions.values().stream()
                .mapToInt(FunctionDispatcher::admitted)
                .sum();
    }

    /**
     * Payload that is held now.
     *
     * @return bytes
     */
    public long payloadBytes() {
        return payloads.taken();
    }

    private FunctionDispatcher function(FunctionKey key) {
        FunctionDispatcher known = functions.get(key);
        return known != null
                ? known
                : functions.computeIfAbsent(key, k -> new FunctionDispatcher(limits, calls, cluster, listener, clock));
    }
}
