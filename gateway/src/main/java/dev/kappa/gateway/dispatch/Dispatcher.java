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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The dispatchers of all functions that this gateway owns. */
public final class Dispatcher {
    private final Limits limits;
    private final ShimCalls calls;
    private final Facts facts;
    private final DispatchListener listener;
    private final LongSupplier clock;
    private final Map<FunctionKey, FunctionDispatcher> functions = new ConcurrentHashMap<>();
    private final AtomicLong payloadBytes = new AtomicLong();

    /**
     * An empty dispatcher.
     *
     * @param limits its bounds
     * @param calls how it reaches instances
     * @param facts what it looks up
     * @param listener who hears of demand and losses
     * @param clock epoch milliseconds
     */
    public Dispatcher(Limits limits, ShimCalls calls, Facts facts, DispatchListener listener, LongSupplier clock) {
        this.limits = limits;
        this.calls = calls;
        this.facts = facts;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Runs an event as soon as an instance is free.
     *
     * @param event what to run
     * @return its answer, {@link Answer.Moved} if another gateway owns the function; completed on any thread, fails never
     */
    public Future<Answer> submit(Event event) {
        return submit(event, false);
    }

    /**
     * Holds an event whose owner cannot be reached, until it is known who owns the function now.
     *
     * @param event what to run
     * @return as {@link #submit}
     */
    public Future<Answer> hold(Event event) {
        return submit(event, true);
    }

    private Future<Answer> submit(Event event, boolean anyway) {
        int size = event.payload().length();
        if (payloadBytes.addAndGet(size) > limits.payloadBytes()) {
            payloadBytes.addAndGet(-size);
            return throttled(event);
        }
        return function(event.version().functionKey()).submit(event, anyway).map(answer -> {
            payloadBytes.addAndGet(-size);
            if (answer instanceof Answer.Throttled) {
                listener.ended(event.version(), answer, clock.getAsLong() - event.arrivedAtMs());
            }
            return answer;
        });
    }

    /**
     * An instance is ready, or failed to be.
     *
     * @param hello what it said
     */
    public void hello(Hello hello) {
        VersionKey key = new VersionKey(hello.namespace(), hello.function(), hello.version());
        function(key.functionKey()).hello(key, hello);
    }

    /**
     * An instance came to its end, and its pod does not.
     *
     * @param farewell what it said
     */
    public void farewell(Farewell farewell) {
        VersionKey key = new VersionKey(farewell.namespace(), farewell.function(), farewell.version());
        function(key.functionKey()).farewell(key, farewell);
    }

    /**
     * A pod has an address.
     *
     * @param key version of the pod
     * @param pod its name
     * @param address {@code host:port} of its shim
     * @param revision what it runs
     */
    public void podSeen(VersionKey key, String pod, String address, String revision) {
        function(key.functionKey()).podSeen(key, pod, address, revision);
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
            dispatcher.podGone(key, pod);
        }
    }

    /**
     * Forgets instances whose pods do not exist.
     *
     * @param podExists namespace and name of a pod
     * @param olderThanMs spares instances younger than this, whose pods the informer may not show yet
     */
    public void retain(BiPredicate<String, String> podExists, long olderThanMs) {
        functions.forEach(
                (key, dispatcher) -> dispatcher.retain(pod -> podExists.test(key.namespace(), pod), olderThanMs));
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
     * Events that wait or run.
     *
     * @return their number
     */
    public int admitted() {
        return functions.values().stream()
                .mapToInt(FunctionDispatcher::admitted)
                .sum();
    }

    private Future<Answer> throttled(Event event) {
        Answer answer = new Answer.Throttled(ThrottleReason.CONCURRENT);
        listener.ended(event.version(), answer, clock.getAsLong() - event.arrivedAtMs());
        return Future.succeededFuture(answer);
    }

    private FunctionDispatcher function(FunctionKey key) {
        FunctionDispatcher known = functions.get(key);
        return known != null
                ? known
                : functions.computeIfAbsent(key, k -> new FunctionDispatcher(limits, calls, facts, listener, clock));
    }
}
