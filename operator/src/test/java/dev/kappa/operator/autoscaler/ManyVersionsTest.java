package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.Outcomes;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Hello;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ten thousand versions cost of which nearly all are idle. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManyVersionsTest {
    private static final int MANY = 10_000;
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Autoscaler autoscaler = new Autoscaler(Policy.DEFAULT, new Proofs());
    private final Map<VersionKey, Integer> replicas = new HashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int looked;

    @BeforeEach
    void allAreIdle() {
        for (int i = 0; i < MANY; i++) {
            replicas.put(id(i), 0);
            autoscaler.put(target(i, true));
        }
        report();
        assertThat(tick()).isEmpty();
        looked = 0;
    }

    @Test
    void aTickDoesNotLookAtIdleVersions() {
        for (int second = 0; second < 30; second++) {
            report();
            tick();
        }

        assertThat(looked).isZero();
    }

    @Test
    void onceAMinuteAllAreLookedAtForWhatWasMissed() {
        replicas.put(id(17), 2);
        for (int second = 0; second < 59; second++) {
            report();
            tick();
        }
        assertThat(looked).isZero();

        for (int second = 0; second < 60; second++) {
            report();
            tick();
        }

        assertThat(looked).isBetween(MANY, MANY + 100);
        assertThat(replicas.get(id(17))).isZero();
    }

    @Test
    void aVersionWithAnEventIsLookedAtUntilItIsAtZeroAgain() {
        report(demand(3, 1));
        assertThat(tick()).extracting(Change::to).containsExactly(1);
        looked = 0;

        for (int second = 0; second < 10; second++) {
            report(demand(3, 0));
            tick();
        }
        assertThat(looked).isEqualTo(10);
        for (int second = 0; second < 40; second++) {
            report(demand(3, 0));
            tick();
        }
        assertThat(replicas.get(id(3))).isZero();
        report();
        tick();
        looked = 0;
        report();
        tick();

        assertThat(looked).isZero();
    }

    @Test
    void replicasThatSomebodySetAreLookedAtAtOnce() {
        replicas.put(id(5), 3);
        autoscaler.replicasChanged(id(5));

        tick();

        assertThat(looked).isEqualTo(1);
    }

    @Test
    void newSettingsAndFloorsAreLookedAtAtOnce() {
        autoscaler.put(new ScalingTarget(id(7), "r1", true, 1, 0, 5, IDLE, 1, null));
        autoscaler.floor(id(8), "rollout", 2, now);

        assertThat(tick()).extracting(Change::to).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void settingsThatAreToldAgainChangeNothing() {
        for (int i = 0; i < MANY; i++) {
            autoscaler.put(target(i, true));
        }
        tick();

        assertThat(looked).isZero();
    }

    @Test
    void ofManyUnprovenVersionsAFewAreStartedAtATimeAndLookingCostsNoSquare() {
        for (int i = 0; i < MANY; i++) {
            autoscaler.put(target(i, false));
        }
        report();

        assertThat(tick()).hasSize(Policy.DEFAULT.provesAtOnce());
        report();
        assertThat(tick()).isEmpty();

        assertThat(looked).isEqualTo(2 * MANY);
    }

    @Test
    void theNextUnprovenVersionIsStartedWhenOneHasSaidHelloWithoutATick() {
        for (int i = 0; i < MANY; i++) {
            autoscaler.put(target(i, false));
        }
        report();
        List<VersionKey> first = tick().stream().map(Change::id).toList();

        Set<VersionKey> touched = autoscaler.observe(hello(first.getFirst()), now);
        List<Change> changes = autoscaler.decide(touched, this::look, now);

        assertThat(changes).hasSize(1).extracting(Change::to).containsExactly(1);
        assertThat(first).doesNotContain(changes.getFirst().id());
    }

    private DemandReport hello(VersionKey id) {
        Hello hello = new Hello(
                id.namespace(), id.function(), id.version(), "r1", "pod", "10.0.0.1:8080", 1, 0, 0, 0, null, null);
        return new DemandReport("g1", now.toEpochMilli(), false, List.of(), List.of(hello), List.of());
    }

    private List<Change> tick() {
        List<Change> changes = autoscaler.decideAll(this::look, now);
        changes.forEach(change -> replicas.put(change.id(), change.to()));
        now = now.plus(TICK);
        return changes;
    }

    private OptionalInt look(VersionKey id) {
        looked++;
        return OptionalInt.of(replicas.getOrDefault(id, 0));
    }

    private void report(VersionDemand... demand) {
        autoscaler.observe(
                new DemandReport("g1", now.toEpochMilli(), true, List.of(demand), List.of(), List.of()), now);
    }

    private VersionDemand demand(int number, int queued) {
        return new VersionDemand(
                "default",
                "fn-" + number,
                VersionKey.LATEST,
                "r1",
                queued,
                0,
                0,
                0,
                0,
                Outcomes.NONE,
                queued > 0 ? now.toEpochMilli() : 0,
                List.of());
    }

    private static ScalingTarget target(int number, boolean proven) {
        return new ScalingTarget(id(number), "r1", proven, 0, 0, 5, IDLE, 1, null);
    }

    private static VersionKey id(int number) {
        return new VersionKey("default", "fn-" + number, VersionKey.LATEST);
    }
}
