package dev.kappa.operator.rollout;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.Outcomes;
import dev.kappa.wire.DemandReport.VersionDemand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How the events of versions in a rollout ended, second by second, from the growing counters that gateways report. */
public final class OutcomeLedger {
    /** No alarm looks further back. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final Duration SILENT = Duration.ofMinutes(1);
    /** Whoever watches says so again and again; several may watch one version. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private record Entry(Instant second, Outcomes outcomes) {}

    private record Last(Instant at, Map<VersionKey, Outcomes> outcomes) {}

    private final Map<String, Last> gateways = new HashMap<>();
    private final Map<VersionKey, Deque<Entry>> watched = new HashMap<>();
    private final Map<VersionKey, Instant> leases = new HashMap<>();

    /**
     * Keeps what comes within the next minute; to be repeated as long as it is wanted.
     *
     * @param id of a version
     * @param now the time
     */
    public synchronized void watch(VersionKey id, Instant now) {
        watched.computeIfAbsent(id, version -> new ArrayDeque<>());
        leases.put(id, now.plus(LEASE));
    }

    /**
     * Takes a report in.
     *
     * @param report of one gateway
     * @param now the time
     */
    public synchronized void observe(DemandReport report, Instant now) {
        gateways.values().removeIf(last -> last.at().isBefore(now.minus(SILENT)));
        leases.values().removeIf(until -> until.isBefore(now));
        watched.keySet().retainAll(leases.keySet());
        Last known = gateways.get(report.gateway());
        Map<VersionKey, Outcomes> before = known == null ? null : known.outcomes();
        Map<VersionKey, Outcomes> last = before == null || report.full() ? new HashMap<>() : before;
        for (VersionDemand demand : report.versions()) {
            VersionKey id = new VersionKey(demand.namespace(), demand.function(), demand.version());
            Deque<Entry> kept = watched.get(id);
            // What a gateway counted before this process heard of it first is of unknown age.
            if (kept != null && before != null) {
                add(kept, since(before.getOrDefault(id, Outcomes.NONE), demand.outcomes()), now);
            }
            last.put(id, demand.outcomes());
        }
        gateways.put(report.gateway(), new Last(now, last));
    }

    /**
     * How events ended lately.
     *
     * @param id of a version that is watched
     * @param from how far to look back
     */
    public synchronized Outcomes sum(VersionKey id, Instant from) {
        return watched.getOrDefault(id, new ArrayDeque<>()).stream()
                .filter(entry -> entry.second().isAfter(from))
                .map(Entry::outcomes)
                .reduce(Outcomes.NONE, OutcomeLedger::plus);
    }

    private static void add(Deque<Entry> kept, Outcomes more, Instant now) {
        while (!kept.isEmpty() && kept.peekFirst().second().isBefore(now.minus(LONGEST))) {
            kept.removeFirst();
        }
        if (more.events() == 0 && more.throttled() == 0) {
            return;
        }
        Entry last = kept.peekLast();
        if (last != null && Duration.between(last.second(), now).toMillis() < 1000) {
            kept.removeLast();
            kept.addLast(new Entry(last.second(), plus(last.outcomes(), more)));
        } else {
            kept.addLast(new Entry(now, more));
        }
    }

    /** A counter that fell began anew, with another owner or another dispatcher. */
    private static Outcomes since(Outcomes before, Outcomes now) {
        return now.events() < before.events() || now.throttled() < before.throttled() ? now : combine(now, before, -1);
    }

    private static Outcomes plus(Outcomes one, Outcomes other) {
        return combine(one, other, 1);
    }

    private static Outcomes combine(Outcomes one, Outcomes other, int sign) {
        Map<Integer, Long> durations = new HashMap<>(one.durations());
        other.durations().forEach((bucket, events) -> durations.merge(bucket, sign * events, Long::sum));
        durations.values().removeIf(events -> events == 0);
        return new Outcomes(
                one.events() + sign * other.events(),
                one.errors() + sign * other.errors(),
                one.throttled() + sign * other.throttled(),
                Map.copyOf(durations));
    }
}
