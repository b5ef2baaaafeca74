package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Hello;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Decides the replicas of every version from what gateways report; pure: time and replicas come from outside. */
public final class Autoscaler {
    /** How often versions are looked at of which nothing was heard: nothing should have been missed. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final Policy policy;
    private final Map<VersionKey, ScalingTarget> targets = new HashMap<>();
    private final Map<VersionKey, VersionScaler> scalers = new HashMap<>();
    private final Map<VersionKey, VersionObservations> observations = new HashMap<>();
    private final Map<String, Instant> gateways = new HashMap<>();
    /** The versions that each gateway reports. */
    private final Map<String, Set<VersionKey>> reported = new HashMap<>();
    /** Versions that something or the time may change; all others are at zero and stay there. */
    private final Set<VersionKey> due = new HashSet<>();

    private final FirstStarts firstStarts;
    private Instant sweptAt = Instant.EPOCH;
    private final Floors floors = new Floors();
    private Set<VersionKey> missing = Set.of();
    private final Proofs proofs;

    /**
     * Knows nothing yet.
     *
     * @param policy its constants
     * @param proofs learns which revisions said hello
     */
    public Autoscaler(Policy policy, Proofs proofs) {
        this.policy = policy;
        this.proofs = proofs;
        this.firstStarts = new FirstStarts(policy.provesAtOnce());
    }

    /**
     * Sets what a version asks for.
     *
     * @param target replaces the one before
     */
    public synchronized void put(ScalingTarget target) {
        if (!target.equals(targets.put(target.id(), target))) {
            due.add(target.id());
        }
    }

    /**
     * Hears that the replicas of a version were set, by whomever, or that there are some now.
     *
     * @param id which
     */
    public synchronized void replicasChanged(VersionKey id) {
        if (targets.containsKey(id)) {
            due.add(id);
        }
    }

    /**
     * Forgets a version.
     *
     * @param id which
     */
    public synchronized void remove(VersionKey id) {
        targets.remove(id);
        scalers.remove(id);
        observations.remove(id);
        due.remove(id);
        firstStarts.remove(id);
        floors.remove(id);
        proofs.remove(id);
    }

    /**
     * Forgets versions that were deleted, whatever came about them since.
     *
     * @param exists whether a version has a Deployment; one that has none now and had none at the last call is forgotten
     */
    public synchronized void retain(Predicate<VersionKey> exists) {
        Set<VersionKey> gone = known();
        gone.removeIf(exists);
        gone.stream().filter(missing::contains).forEach(this::remove);
        gone.removeAll(missing);
        missing = gone;
    }

    private Set<VersionKey> known() {
        Set<VersionKey> ids = new HashSet<>(targets.keySet());
        ids.addAll(scalers.keySet());
        ids.addAll(observations.keySet());
        ids.addAll(floors.ids());
        ids.addAll(proofs.ids());
        return ids;
    }

    /** Whether nothing is kept of any version. */
    public synchronized boolean isEmpty() {
        return known().isEmpty();
    }

    /**
     * What a version asked for.
     *
     * @param id which
     */
    public synchronized Optional<ScalingTarget> target(VersionKey id) {
        return Optional.ofNullable(targets.get(id));
    }

    /**
     * Keeps instances of a version whatever its demand is, within its limits; adds to {@code scaling.min}. It lapses
     * after a minute unless it is repeated.
     *
     * @param id which
     * @param holder who wants it; of several the highest wish counts
     * @param instances how many, 0 for no such floor
     * @param now the time
     */
    public synchronized void floor(VersionKey id, String holder, int instances, Instant now) {
        floors.put(id, holder, instances, now);
        due.add(id);
    }

    /**
     * Instances of a version's current revision that take events, as far as gateways know.
     *
     * @param id which
     * @param now the time
     */
    public synchronized int ready(VersionKey id, Instant now) {
        ScalingTarget target = targets.get(id);
        VersionObservations known = observations.get(id);
        return target == null || known == null
                ? 0
                : known.sum(target.revision(), gateway -> isFresh(gateway, now))
                        .instances()
                        .size();
    }

    /** All that versions ask for. */
    public synchronized List<ScalingTarget> targets() {
        return List.copyOf(targets.values());
    }

    /**
     * Takes a report in.
     *
     * @param report of one gateway
     * @param now the time
     * @return the versions that it tells of
     */
    public synchronized Set<VersionKey> observe(DemandReport report, Instant now) {
        Set<VersionKey> touched = new HashSet<>();
        for (VersionDemand demand : report.versions()) {
            VersionKey id = new VersionKey(demand.namespace(), demand.function(), demand.version());
            observations
                    .computeIfAbsent(id, key -> new VersionObservations(policy))
                    .add(report.gateway(), demand, now);
            touched.add(id);
        }
        gateways.put(report.gateway(), now);
        touched.forEach(id -> learn(id, now));
        Set<VersionKey> before = reported.computeIfAbsent(report.gateway(), gateway -> new HashSet<>());
        if (report.full()) {
            before.removeAll(touched);
            before.forEach(id -> unreported(report.gateway(), id));
            before.clear();
        }
        before.addAll(touched);
        for (Hello hello : report.hellos()) {
            VersionKey id = new VersionKey(hello.namespace(), hello.function(), hello.version());
            proofs.add(id, hello);
            ScalingTarget target = targets.get(id);
            if (target != null && target.revision().equals(hello.revision())) {
                scaler(id, now).started(now);
                touched.add(id);
                firstStarts.next().ifPresent(touched::add);
            }
        }
        due.addAll(touched);
        return touched;
    }

    private void learn(VersionKey id, Instant now) {
        ScalingTarget target = targets.get(id);
        if (target != null && target.idleTimeout() == null) {
            scaler(id, now).heard(demand(id, target.revision(), now), now);
        }
    }

    /** A gateway knows the version no more. */
    private void unreported(String gateway, VersionKey id) {
        VersionObservations known = observations.get(id);
        if (known != null) {
            known.remove(gateway);
            due.add(id);
            if (known.isEmpty() && !targets.containsKey(id)) {
                observations.remove(id);
            }
        }
    }

    /**
     * Decides for some versions.
     *
     * @param ids which
     * @param replicas how many they have
     * @param now the time
     * @return what is to change
     */
    public synchronized List<Change> decide(Set<VersionKey> ids, Replicas replicas, Instant now) {
        List<Change> changes = new ArrayList<>();
        ids.forEach(id -> decide(id, replicas, now, changes::add));
        return changes;
    }

    /**
     * Decides for all versions that may change; the others are looked at once a minute.
     *
     * @param replicas how many they have
     * @param now the time
     * @return what is to change
     */
    public synchronized List<Change> decideAll(Replicas replicas, Instant now) {
        Set<String> silent = new HashSet<>(gateways.keySet());
        silent.removeIf(gateway -> isFresh(gateway, now));
        for (String gateway : silent) {
            gateways.remove(gateway);
            reported.getOrDefault(gateway, Set.of()).forEach(id -> unreported(gateway, id));
            reported.remove(gateway);
        }
        if (Duration.between(sweptAt, now).compareTo(SWEEP) >= 0) {
            sweptAt = now;
            due.addAll(targets.keySet());
        }
        return decide(Set.copyOf(due), replicas, now);
    }

    private void decide(VersionKey id, Replicas replicas, Instant now, Consumer<Change> changes) {
        ScalingTarget target = targets.get(id);
        OptionalInt current = replicas.of(id);
        if (target == null || current.isEmpty()) {
            due.remove(id);
            return;
        }
        boolean fresh = gateways.keySet().stream().anyMatch(gateway -> isFresh(gateway, now));
        Demand demand = demand(id, target.revision(), now);
        if (!demand.instances().isEmpty()) {
            proofs.seen(id, target.revision());
        }
        ScalingTarget known =
                target.proven() || proofs.of(id, target.revision()).isEmpty() ? target : target.withProof();
        ScalingTarget floored = known.withFloor(floors.of(id, now));
        boolean unproven = fresh && !known.proven() && current.getAsInt() == 0;
        boolean mayProve =
                firstStarts.mayStart(id, unproven, it -> scaler(it, now).isProving(now));
        VersionScaler scaler = scaler(id, now);
        Change change = scaler.decide(floored, current.getAsInt(), demand, fresh, mayProve, now);
        if (scaler.isProving(now)) {
            firstStarts.begun(id);
        }
        if (change != null) {
            changes.accept(change);
        } else if (current.getAsInt() == 0
                && floored.proven()
                && floored.kept() == 0
                && demand.isIdle()
                && !scaler.expects(target, now)) {
            due.remove(id);
            return;
        }
        due.add(id);
    }

    private Demand demand(VersionKey id, String revision, Instant now) {
        VersionObservations known = observations.get(id);
        return known == null ? Demand.NONE : known.sum(revision, gateway -> isFresh(gateway, now));
    }

    private boolean isFresh(String gateway, Instant now) {
        Instant report = gateways.get(gateway);
        return report != null && Duration.between(report, now).compareTo(policy.reportTimeout()) <= 0;
    }

    private VersionScaler scaler(VersionKey id, Instant now) {
        return scalers.computeIfAbsent(id, key -> new VersionScaler(policy, now));
    }
}
