package dev.kappa.gateway.dispatch;

import dev.kappa.gateway.dispatch.VersionState.Assignment;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.VersionDemand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Queues the events of one function: the one place where its concurrency is counted. */
final class FunctionDispatcher {
    private final ClusterView cluster;
    private final DispatchListener listener;
    private final LongSupplier clock;
    private final FunctionVersions versions;
    private final EventSender sender;
    private final InstanceRegistry instances;
    private final WaitLimits waits;

    FunctionDispatcher(
            Limits limits, ShimCalls calls, ClusterView cluster, DispatchListener listener, LongSupplier clock) {
        this.cluster = cluster;
        this.listener = listener;
        this.clock = clock;
        this.versions = new FunctionVersions(cluster, limits.queue(), limits.functionRate(), clock);
        this.waits = new WaitLimits(cluster, limits.waitMs());
        InstanceWatch watch = new InstanceWatch(limits.lostAfterMs());
        this.sender = new EventSender(versions, calls, cluster, listener, clock, watch);
        this.instances = new InstanceRegistry(versions, calls, cluster, listener, clock, watch, sender);
    }

    InstanceRegistry instances() {
        return instances;
    }

    /**
     * Runs an event.
     *
     * @return its answer, which comes in any case; null if the version is not known here
     */
    @Nullable
    Future<Answer> submit(Event event) {
        AdmittedEvent admitted = new AdmittedEvent(event);
        try {
            return submit(admitted);
        } catch (RuntimeException e) {
            sender.fail(admitted, e);
            return admitted.answer();
        }
    }

    private @Nullable Future<Answer> submit(AdmittedEvent admitted) {
        Event event = admitted.event;
        List<Assignment> assignments;
        boolean unmet;
        synchronized (versions) {
            // Under the lock: who becomes the owner meanwhile finds the event in what is released.
            if (!cluster.owns(event.version().functionKey())) {
                return Future.succeededFuture(new Answer.Moved());
            }
            VersionConfig known = cluster.version(event.version());
            if (known == null) {
                return null;
            }
            long now = clock.getAsLong();
            admitted.seats = known.seats(event.payload().length());
            VersionState state = versions.current(event.version(), known);
            ThrottleReason refusal = versions.admit(admitted, state);
            if (refusal != null) {
                return Future.succeededFuture(new Answer.Throttled(refusal));
            }
            state.enqueue(admitted, now);
            assignments = versions.assign(state, now);
            unmet = versions.unmet(state);
            admitted.waited = unmet;
        }
        sender.send(assignments);
        if (unmet) {
            listener.unmet(event.version());
        }
        return admitted.answer();
    }

    /** The catalog changed: another revision may be the current one. */
    void changed() {
        List<Assignment> assignments = new ArrayList<>();
        synchronized (versions) {
            long now = clock.getAsLong();
            for (VersionState state : List.copyOf(versions.all())) {
                versions.current(state.key);
                assignments.addAll(versions.assign(state, now));
            }
        }
        sender.send(assignments);
    }

    /** Another gateway is the owner now: what waits goes there. */
    void release() {
        List<AdmittedEvent> moved = new ArrayList<>();
        synchronized (versions) {
            long now = clock.getAsLong();
            for (VersionState state : versions.all()) {
                moved.addAll(state.drain(now));
                state.instances.clear();
            }
            moved.forEach(AdmittedEvent::release);
        }
        moved.forEach(admitted -> admitted.complete(new Answer.Moved()));
    }

    void releaseBackground() {
        List<AdmittedEvent> moved = new ArrayList<>();
        synchronized (versions) {
            long now = clock.getAsLong();
            versions.all().forEach(state -> moved.addAll(state.drainBackground(now)));
            moved.forEach(AdmittedEvent::release);
        }
        moved.forEach(admitted -> admitted.complete(new Answer.Moved()));
    }

    /** The operator scaled a version up. */
    void decided(VersionKey key) {
        synchronized (versions) {
            VersionState state = versions.find(key);
            if (state != null) {
                long now = clock.getAsLong();
                state.queue.forEach(waiting -> waiting.decided(now));
            }
        }
    }

    void demand(List<VersionDemand> into, Predicate<VersionKey> wanted) {
        synchronized (versions) {
            long now = clock.getAsLong();
            for (VersionState state : versions.all()) {
                if (wanted.test(state.key)) {
                    into.add(state.demand(now, versions.places(state)));
                }
            }
        }
    }

    /** Ends what waited too long, and asks silent instances for their state. */
    void tick() {
        List<WaitLimits.Expired> expired = new ArrayList<>();
        synchronized (versions) {
            long now = clock.getAsLong();
            versions.all().forEach(state -> expired.addAll(waits.expire(state, now)));
        }
        expired.forEach(it -> sender.finish(it.admitted(), it.answer()));
        instances.ask();
    }

    int admitted() {
        synchronized (versions) {
            return versions.admitted();
        }
    }
}
