package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.Instance;
import dev.kappa.wire.DemandReport.Outcomes;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Hello;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One version before an autoscaler, with a clock and reports made by hand. */
final class Bench {
    static final VersionKey ID = new VersionKey("default", "hello", VersionKey.LATEST);

    final Proofs proofs = new Proofs();
    final Autoscaler autoscaler = new Autoscaler(Policy.DEFAULT, proofs);
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    int replicas;
    private long integralMs;
    private int concurrency;
    private long completed;
    private long durationUs;
    private long lastEventAtMs;

    static ScalingTarget target(boolean proven, int min, int max, int perInstance, @Nullable Integer reserved) {
        return new ScalingTarget(ID, "r1", proven, min, 0, max, Duration.ofSeconds(30), perInstance, reserved);
    }

    static ScalingTarget provisioned(int provisioned, int max, @Nullable Integer reserved) {
        return new ScalingTarget(ID, "r1", true, 0, provisioned, max, Duration.ofSeconds(30), 1, reserved);
    }

    static Bench with(ScalingTarget target) {
        Bench bench = new Bench();
        bench.autoscaler.put(target);
        return bench;
    }

    static Bench proven(int max) {
        return with(target(true, 0, max, 1, null));
    }

    void pass(Duration time) {
        integralMs += time.toMillis() * concurrency;
        now = now.plus(time);
    }

    void completed(int events, Duration each) {
        completed += events;
        durationUs += events * each.toNanos() / 1000;
    }

    /** A gateway reports; the decision is applied to {@link #replicas}. */
    @Nullable
    Change report(int queued, int... inFlight) {
        List<Instance> instances = new ArrayList<>();
        int running = 0;
        for (int i = 0; i < inFlight.length; i++) {
            instances.add(new Instance("pod-" + i, inFlight[i], inFlight[i] > 0 ? 0 : 1000L * (i + 1), 100L));
            running += inFlight[i];
        }
        concurrency = queued + running;
        if (concurrency > 0) {
            lastEventAtMs = now.toEpochMilli();
        }
        var demand = new VersionDemand(
                "default",
                "hello",
                VersionKey.LATEST,
                "r1",
                queued,
                running,
                integralMs,
                completed,
                durationUs,
                Outcomes.NONE,
                lastEventAtMs,
                instances);
        observe(new DemandReport("g1", now.toEpochMilli(), true, List.of(demand), List.of(), List.of()));
        return apply(autoscaler.decide(Set.of(ID), id -> OptionalInt.of(replicas), now));
    }

    void hello() {
        var hello = new Hello(
                "default",
                "hello",
                VersionKey.LATEST,
                "r1",
                "pod-0",
                "10.0.0.1:8080",
                1,
                0,
                0,
                now.toEpochMilli(),
                null,
                null);
        observe(new DemandReport("g1", now.toEpochMilli(), false, List.of(), List.of(hello), List.of()));
    }

    void emptyReport() {
        observe(new DemandReport("g1", now.toEpochMilli(), true, List.of(), List.of(), List.of()));
    }

    @Nullable
    Change tick() {
        return apply(autoscaler.decideAll(id -> OptionalInt.of(replicas), now));
    }

    private void observe(DemandReport report) {
        autoscaler.observe(report, now);
    }

    private @Nullable Change apply(List<Change> changes) {
        if (changes.isEmpty()) {
            return null;
        }
        replicas = changes.getFirst().to();
        return changes.getFirst();
    }
}
