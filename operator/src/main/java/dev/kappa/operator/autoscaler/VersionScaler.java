package dev.kappa.operator.autoscaler;

import dev.kappa.wire.DemandReport.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides for one version; remembers its cold starts and when it changed last. */
final class VersionScaler {
    private static final double NEW_WEIGHT = 0.3;
    /** How long an instance that was started only to prove its handler stays. */
    private static final Duration PROOF_LINGER = Duration.ofSeconds(1);

    private record Wish(int replicas, String reason) {}

    private final Policy policy;
    private final Instant firstSeen;
    private Duration expectedColdStart;
    private @Nullable Instant startingSince;
    private Instant lastDown = Instant.EPOCH;
    private @Nullable Instant provingSince;
    private @Nullable Instant provenAt;
    /** Of a version that learns, once it had an event. */
    private @Nullable IdleTimes idleTimes;

    /** End of the last event, as long as none is there. */
    private @Nullable Instant idleSince;

    private KeepAlive keepAlive = KeepAlive.of(IdleTimes.DEFAULT);

    VersionScaler(Policy policy, Instant now) {
        this.policy = policy;
        this.firstSeen = now;
        this.expectedColdStart = policy.expectedColdStart();
    }

    /** An instance said hello. */
    void started(Instant now) {
        if (startingSince != null) {
            long took = Duration.between(startingSince, now).toMillis();
            long before = expectedColdStart.toMillis();
            expectedColdStart = Duration.ofMillis(Math.max(1, Math.round(before + NEW_WEIGHT * (took - before))));
        }
        if (provingSince != null) {
            provingSince = null;
            provenAt = now;
        }
    }

    /** Learns from the time between two events. */
    void heard(Demand demand, Instant now) {
        Instant since = idleSince;
        boolean cameMeanwhile = since != null && demand.lastEvent().isAfter(since);
        if (since != null && (cameMeanwhile || !demand.isIdle())) {
            IdleTimes known = idleTimes == null ? new IdleTimes() : idleTimes;
            if (known.add(Duration.between(since, demand.isIdle() ? demand.lastEvent() : now))) {
                keepAlive = known.plan(expectedColdStart);
            }
            idleTimes = known;
        }
        if (!demand.isIdle()) {
            idleSince = null;
        } else if (since == null || cameMeanwhile) {
            idleSince = demand.lastEvent().equals(Instant.EPOCH) ? null : demand.lastEvent();
        }
    }

    /** Whether an instance may be wanted later without an event. */
    boolean expects(ScalingTarget target, Instant now) {
        return target.idleTimeout() == null
                && idleSince != null
                && !keepAlive.from().isZero()
                && keepAlive.mayWant(Duration.between(idleSince, now));
    }

    /** Whether an instance is being started without demand. */
    boolean isProving(Instant now) {
        return provingSince != null && Duration.between(provingSince, now).compareTo(policy.stuckAfter()) < 0;
    }

    /**
     * Decides.
     *
     * @param wanted limits
     * @param replicas now
     * @param demand now
     * @param fresh whether demand is known; a silent gateway is no reason to scale down
     * @param mayProve whether a start without demand is allowed now
     * @return null for no change
     */
    @Nullable
    Change decide(ScalingTarget wanted, int replicas, Demand demand, boolean fresh, boolean mayProve, Instant now) {
        ScalingTarget target = wanted.withFloor(provisioned(wanted, replicas, demand));
        int starting = Math.max(0, replicas - demand.instances().size());
        if (starting == 0) {
            startingSince = null;
        } else if (startingSince == null) {
            startingSince = now;
        }
        Wish wish = up(target, replicas, starting, demand, now);
        if (wish == null && fresh && replicas == 0) {
            wish = expected(target, now);
        }
        if (wish == null && !target.proven() && replicas == 0 && mayProve) {
            wish = new Wish(1, "revision " + target.revision() + " is started once to prove its handler");
            provingSince = now;
            provenAt = null;
        }
        if (wish == null && fresh) {
            wish = down(target, replicas, demand, now);
        }
        int to = target.clamp(wish == null ? replicas : wish.replicas());
        if (to == replicas) {
            return null;
        }
        if (to > replicas && (startingSince == null || isStuck(now))) {
            // What starts now covers demand for as long again, or a stuck start would be repeated at every report.
            startingSince = now;
        }
        if (to < replicas) {
            to = sparingBusy(target, to, replicas, demand);
            if (to >= replicas) {
                return null;
            }
            lastDown = now;
        }
        String reason = wish == null || to != wish.replicas()
                ? "limits: min " + target.min() + ", max " + target.max() + reservedText(target)
                : wish.reason();
        return new Change(target.id(), replicas, to, reason, victims(demand, replicas - to));
    }

    /** A few more than are ready, so that many starts at once do not slow each other down; what there is stays. */
    private int provisioned(ScalingTarget wanted, int replicas, Demand demand) {
        int next = demand.instances().size() + policy.provisionsAtOnce();
        return Math.min(wanted.provisioned(), Math.max(replicas, next));
    }

    private static String reservedText(ScalingTarget target) {
        return target.reserved() == null ? "" : ", reserved concurrency " + target.reserved();
    }

    /** Unmet demand now, or more events at once over the short window than the instances take. */
    private @Nullable Wish up(ScalingTarget target, int replicas, int starting, Demand demand, Instant now) {
        int coming = isStuck(now) ? 0 : starting;
        int per = target.perInstance();
        long unmet = demand.queued() - (long) coming * per - finishedMeanwhile(demand);
        if (demand.queued() > 0 && replicas == 0) {
            unmet = Math.max(1, unmet);
        }
        if (unmet > 0) {
            int more = (int) Math.min(Math.ceilDiv(unmet, per), Math.max(0, startsAtOnce(demand) - coming));
            if (more > 0) {
                return new Wish(replicas + more, demand.queued() + " events wait");
            }
        }
        int sustained = (int) Math.ceil(demand.up() / per - 1e-6);
        if (coming == 0 && demand.queued() > 0 && sustained > replicas) {
            int more = Math.min(sustained - replicas, startsAtOnce(demand));
            return new Wish(
                    replicas + more,
                    String.format(
                            Locale.ROOT,
                            "%.1f events at once over %d s",
                            demand.up(),
                            policy.upWindow().toSeconds()));
        }
        return null;
    }

    private boolean isStuck(Instant now) {
        return startingSince != null && Duration.between(startingSince, now).compareTo(policy.stuckAfter()) > 0;
    }

    /** Events that busy instances end before a new one could take them. */
    private long finishedMeanwhile(Demand demand) {
        long meanUs = demand.meanDuration().toNanos() / 1000;
        return meanUs <= 0 ? 0 : demand.inFlight() * (expectedColdStart.toNanos() / 1000) / meanUs;
    }

    private int startsAtOnce(Demand demand) {
        return Math.max(policy.startsAtOnce(), demand.instances().size());
    }

    private @Nullable Wish down(ScalingTarget target, int replicas, Demand demand, Instant now) {
        if (demand.isIdle() && isIdleForLong(target, demand, now)) {
            return new Wish(
                    0, provenAt == null ? "idle for " + idleText(target, demand, now) : "the handler is proven");
        }
        if (!demand.stableKnown() || Duration.between(lastDown, now).compareTo(policy.downPause()) < 0) {
            return null;
        }
        int needed = (int) Math.ceil(Math.max(demand.stable(), demand.concurrency()) / target.perInstance() - 1e-6);
        int step = Math.max(Math.max(1, needed), Math.ceilDiv(replicas, 2));
        return step < replicas
                ? new Wish(
                        step,
                        String.format(
                                Locale.ROOT,
                                "%.1f events at once over %d s",
                                demand.stable(),
                                policy.stableWindow().toSeconds()))
                : null;
    }

    private boolean isIdleForLong(ScalingTarget target, Demand demand, Instant now) {
        if (provingSince != null && !target.proven()) {
            return false;
        }
        if (provenAt != null && !demand.lastEvent().isAfter(provenAt)) {
            return Duration.between(provenAt, now).compareTo(PROOF_LINGER) >= 0;
        }
        Duration idle = idleTime(demand, now);
        Duration timeout = target.idleTimeout();
        return timeout == null ? !keepAlive.wants(idle) : idle.compareTo(timeout) >= 0;
    }

    private Duration idleTime(Demand demand, Instant now) {
        return Duration.between(demand.lastEvent().isAfter(firstSeen) ? demand.lastEvent() : firstSeen, now);
    }

    private String idleText(ScalingTarget target, Demand demand, Instant now) {
        return target.idleTimeout() == null
                ? idleTime(demand, now).truncatedTo(ChronoUnit.SECONDS) + ", and the next event is expected "
                        + (expects(target, now) ? "after " + keepAlive.from() : "much later")
                : target.idleTimeout().toString();
    }

    /** An instance that is there before an event that comes regularly. */
    private @Nullable Wish expected(ScalingTarget target, Instant now) {
        Instant since = idleSince;
        return target.idleTimeout() == null && since != null && keepAlive.isStart(Duration.between(since, now))
                ? new Wish(
                        1, "an event is expected " + keepAlive.from() + " to " + keepAlive.until() + " after the last")
                : null;
    }

    /** A busy instance is never chosen, so no more go than are idle or not ready. */
    private static int sparingBusy(ScalingTarget target, int to, int replicas, Demand demand) {
        int busy = (int)
                demand.instances().stream().filter(it -> it.inFlight() > 0).count();
        return target.reserved() != null && target.reserved() == 0 ? to : Math.max(to, Math.min(busy, replicas));
    }

    private static List<String> victims(Demand demand, int count) {
        if (count <= 0) {
            return List.of();
        }
        return demand.instances().stream()
                .filter(it -> it.inFlight() == 0)
                .sorted(Comparator.comparingLong(Instance::idleMs).reversed())
                .limit(count)
                .map(Instance::pod)
                .toList();
    }
}
