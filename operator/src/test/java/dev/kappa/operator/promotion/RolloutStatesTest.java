package dev.kappa.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.Rollout;
import dev.kappa.operator.rollout.Alarm;
import dev.kappa.operator.rollout.Observation;
import dev.kappa.operator.rollout.Observation.Green;
import dev.kappa.operator.rollout.Observation.Hook;
import dev.kappa.operator.rollout.Observation.Judgement;
import dev.kappa.operator.rollout.Phase;
import dev.kappa.operator.rollout.Plan;
import dev.kappa.operator.rollout.Plan.Step;
import dev.kappa.operator.rollout.Progress;
import dev.kappa.operator.rollout.RolloutMachine;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RolloutStatesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

    @Property
    void aLeaderThatReadsTheStatusGoesOnWhereTheOtherStopped(
            @ForAll @Size(60) List<@IntRange(min = 0, max = 9) Integer> story,
            @ForAll @IntRange(min = 10, max = 60) int percent) {
        Plan plan = new Plan(
                Plan.linear(percent, Duration.ofSeconds(7)),
                Duration.ofSeconds(9),
                Duration.ofSeconds(90),
                false,
                true,
                true);
        Progress undisturbed = Progress.start(1, 2, "a", START);
        Progress restarted = undisturbed;
        Instant now = START;
        for (int chance : story) {
            now = now.plusSeconds(chance);
            Observation seen = new Observation(
                    chance,
                    chance == 9 ? new Green.Unusable("starts") : new Green.Running(chance, 0, 9),
                    chance == 8 ? new Judgement.Silent("few") : new Judgement.Fine(),
                    chance == 7 ? new Hook.Pending() : new Hook.Succeeded());
            undisturbed = RolloutMachine.next(undisturbed, plan, seen, now);
            restarted = RolloutMachine.next(reread(restarted), plan, seen, now);
            if (undisturbed.phase().isRunning()) {
                assertThat(restarted).isEqualTo(undisturbed);
            }
            assertThat(restarted.phase()).isEqualTo(undisturbed.phase());
        }
    }

    @Test
    void anEndSettlesTheAliasAndGoesToTheHistory() {
        Progress running = Progress.start(1, 2, "a", START);
        AliasStatus back = written(running.rolledBack("Alarm: x", START.plusSeconds(5)));
        assertThat(back.version).isEqualTo(1);
        assertThat(back.routing).isNull();
        assertThat(back.history).hasSize(1);
        assertThat(back.history.getFirst().result).isEqualTo("RolledBack");

        AliasStatus done = written(running.succeeded("done", START));
        assertThat(done.version).isEqualTo(2);
        assertThat(done.routing).isNull();
    }

    @Test
    void theHistoryKeepsTheNewestTen() {
        AliasStatus status = new AliasStatus();
        for (int i = 0; i < 12; i++) {
            RolloutStates.write(Progress.start(i + 1, i + 2, "a", START).rolledBack("no", START), "BlueGreen", status);
        }
        assertThat(status.history).hasSize(10);
        assertThat(status.history.getFirst().to).isEqualTo(13);
    }

    @Test
    void shorthandsAreThoseOfCodeDeploy() {
        assertThat(steps("Canary10Percent5Minutes"))
                .containsExactly(new Step(10, Duration.ofMinutes(5)), new Step(100, Duration.ZERO));
        assertThat(steps("Linear10PercentEvery1Minute"))
                .hasSize(10)
                .startsWith(new Step(10, Duration.ofMinutes(1)), new Step(20, Duration.ofMinutes(1)))
                .endsWith(new Step(90, Duration.ofMinutes(1)), new Step(100, Duration.ZERO));
        assertThat(steps("Linear30PercentEvery2Hours").stream().map(Step::weight))
                .containsExactly(30, 60, 90, 100);
        assertThat(steps("AllAtOnce")).containsExactly(new Step(100, Duration.ZERO));
    }

    @Test
    void alarmsReadPercentagesAndDurations() {
        assertThat(alarm("errorRate", "1.5%").above()).isEqualTo(1.5);
        assertThat(alarm("p99Duration", "500ms").above()).isEqualTo(500);
        assertThat(alarm("p99Duration", "2s"))
                .isEqualTo(new Alarm(Alarm.Metric.P99_DURATION, 2000, Duration.ofMinutes(1), 50));
    }

    private static List<Step> steps(String strategy) {
        return Plans.of(rollout(strategy)).steps();
    }

    private static Rollout rollout(String strategy) {
        Rollout rollout = new Rollout();
        rollout.strategy = strategy;
        rollout.readyTimeout = "5m";
        return rollout;
    }

    private static Alarm alarm(String metric, String above) {
        Rollout.Alarm alarm = new Rollout.Alarm();
        alarm.metric = metric;
        alarm.above = above;
        return Plans.alarm(alarm);
    }

    /** Through the API server's JSON. */
    private static Progress reread(Progress progress) {
        if (!progress.phase().isRunning()) {
            return progress;
        }
        String json = Serialization.asJson(written(progress));
        return RolloutStates.read(Serialization.unmarshal(json, AliasStatus.class))
                .orElseThrow();
    }

    private static AliasStatus written(Progress progress) {
        AliasStatus status = new AliasStatus();
        RolloutStates.write(progress, "Linear", status);
        assertThat(status.version).isEqualTo(progress.phase() == Phase.SUCCEEDED ? 2 : 1);
        return status;
    }
}
