package dev.kappa.gateway.dispatch;

import dev.kappa.gateway.dispatch.VersionState.Assignment;
import dev.kappa.lambda.Rate;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one function, and the count that its limits apply to; guarded by itself: whoever uses it
 * holds its monitor.
 */
final class FunctionVersions {
    private final ClusterView cluster;
    private final int queueLimit;
    private final Rate rate;
    private final Map<String, VersionState> versions = new HashMap<>();
    private final LongSupplier clock;
    private long rateState;
    private int admitted;

    FunctionVersions(ClusterView cluster, int queueLimit, Rate rate, LongSupplier clock) {
        this.cluster = cluster;
        this.queueLimit = queueLimit;
        this.rate = rate;
        this.clock = clock;
    }

    Collection<VersionState> all() {
        return versions.values();
    }

    @Nullable
    VersionState find(VersionKey key) {
        return versions.get(key.version());
    }

    VersionState get(VersionKey key) {
        return versions.computeIfAbsent(key.version(), v -> new VersionState(key, clock));
    }

    /** The version with what is known of it now. */
    VersionState current(VersionKey key) {
        return current(key, cluster.version(key));
    }

    /**
     * The version with what is known of it now.
     *
     * @param known what was looked up since the monitor is held: what was looked up before may be older than what is in use
     */
    VersionState current(VersionKey key, @Nullable VersionConfig known) {
        VersionState state = get(key);
        state.revise(known);
        return state;
    }

    /** Events of callers that wait or run, and other events that run. */
    int admitted() {
        return admitted;
    }

    /** Counts an event of a caller, unless a limit refuses it; events that nobody waits for count once they run. */
    @Nullable
    ThrottleReason admit(AdmittedEvent event, VersionState state) {
        if (event.event.background()) {
            return null;
        }
        Integer reserved = state.reserved();
        ThrottleReason refusal = reserved != null && admitted >= reserved
                ? ThrottleReason.RESERVED
                : state.queue.size() >= queueLimit
                        ? ThrottleReason.CONCURRENT
                        : isWithinRate() ? null : ThrottleReason.FUNCTION_RATE;
        if (refusal == null) {
            event.holdPlace(reservePlace());
        } else {
            state.outcomes.throttled();
        }
        return refusal;
    }

    private boolean isWithinRate() {
        if (!rate.isLimited()) {
            return true;
        }
        long before = rateState;
        rateState = rate.take(before, TimeUnit.MILLISECONDS.toNanos(clock.getAsLong()));
        return rateState != before;
    }

    /** The only place where concurrent events are counted. */
    private Reservation reservePlace() {
        admitted++;
        return new Reservation(() -> admitted--);
    }

    List<Assignment> assign(VersionState state, long nowMs) {
        List<Assignment> assignments = state.assign(nowMs, places(state));
        for (Assignment assignment : assignments) {
            if (assignment.admitted().event.background()) {
                assignment.admitted().holdPlace(reservePlace());
            }
        }
        return assignments;
    }

    /** A freed slot serves its own version; with reserved concurrency the freed place may serve another one. */
    List<Assignment> assignAfter(VersionState freed, long nowMs) {
        if (freed.reserved() == null) {
            return assign(freed, nowMs);
        }
        List<Assignment> all = new ArrayList<>(assign(freed, nowMs));
        for (VersionState state : versions.values()) {
            all.addAll(assign(state, nowMs));
        }
        return all;
    }

    boolean unmet(VersionState state) {
        return state.unmet(places(state));
    }

    /** How many events without a caller may start within the function's reserved concurrency. */
    int places(VersionState state) {
        Integer reserved = state.reserved();
        return reserved == null ? Integer.MAX_VALUE : Math.max(0, reserved - admitted);
    }
}
