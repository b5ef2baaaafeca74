package dev.kappa.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.operator.rollout.Observation.Green;
import dev.kappa.operator.rollout.Observation.Hook;
import dev.kappa.operator.rollout.Observation.Judgement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is observed, and whenever. */
class RolloutMachineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** What is seen, some seconds after what was seen before. */
    record Moment(int seconds, Observation seen) {}

    record Visit(Progress before, Progress after, Observation seen, Instant at) {}

    @Property
    void weightsOnlyGrowUntilAnEndAndEndsStay(@ForAll("plans") Plan plan, @ForAll("stories") List<Moment> story) {
        for (Visit visit : run(plan, story)) {
            Progress before = visit.before();
            Progress after = visit.after();
            assertThat(after.weight()).isBetween(0, 100);
            if (!before.phase().isRunning()) {
                assertThat(after).isEqualTo(before);
            } else if (after.phase() == Phase.ROLLED_BACK) {
                assertThat(after.weight()).isZero();
            } else {
                assertThat(after.weight()).isGreaterThanOrEqualTo(before.weight());
                assertThat(after.instances()).isGreaterThanOrEqualTo(before.instances());
            }
        }
    }

    @Property
    void noEventReachesGreenBeforeItIsReadyAndItsHookAgreed(
            @ForAll("plans") Plan plan, @ForAll("stories") List<Moment> story) {
        for (Visit visit : run(plan, story)) {
            if (visit.before().weight() == 0 && visit.after().weight() > 0) {
                if (plan.preTraffic()) {
                    assertThat(visit.before().phase()).isEqualTo(Phase.PRE_TRAFFIC);
                    assertThat(visit.seen().hook()).isInstanceOf(Hook.Succeeded.class);
                } else {
                    assertThat(visit.seen().green())
                            .isInstanceOfSatisfying(
                                    Green.Running.class,
                                    green -> assertThat(green.ready())
                                            .isGreaterThanOrEqualTo(
                                                    Math.min(visit.seen().blueInstances(), green.most())));
                }
            }
        }
    }

    @Property
    void aBreachedAlarmEndsItAtOnce(@ForAll("plans") Plan plan, @ForAll("stories") List<Moment> story) {
        for (Visit visit : run(plan, story)) {
            if (visit.before().phase().isRunning()
                    && visit.before().weight() > 0
                    && visit.seen().alarms() instanceof Judgement.Breached) {
                assertThat(visit.after().phase()).isEqualTo(Phase.ROLLED_BACK);
                assertThat(visit.after().message()).startsWith("Alarm: ");
            }
        }
    }

    @Property
    void everyStepLastsItsTimeAndSilenceEndsNone(@ForAll("plans") Plan plan, @ForAll("stories") List<Moment> story) {
        for (Visit visit : run(plan, story)) {
            Progress before = visit.before();
            Progress after = visit.after();
            boolean stepped = before.phase() == Phase.SHIFTING && after.weight() > before.weight();
            boolean wentOn = stepped || (before.phase() == Phase.BAKING && after.phase() == Phase.SUCCEEDED);
            if (!wentOn) {
                continue;
            }
            Duration due = before.phase() == Phase.BAKING ? plan.bake() : plan.hold(before.weight());
            assertThat(Duration.between(before.since(), visit.at())).isGreaterThanOrEqualTo(due);
            if (!plan.promoteOnSilence()) {
                assertThat(visit.seen().alarms()).isInstanceOf(Judgement.Fine.class);
            }
        }
    }

    @Property
    void aGoodGreenReplacesBlueThroughEveryStep(@ForAll("plans") Plan plan) {
        Observation good = new Observation(2, new Green.Running(2, 0, 9), new Judgement.Fine(), new Hook.Succeeded());
        List<Visit> visits = run(plan, java.util.Collections.nCopies(1000, new Moment(5, good)));
        assertThat(visits.getLast().after().phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(visits.stream()
                        .map(visit -> visit.after().weight())
                        .filter(weight -> weight > 0)
                        .distinct())
                .containsExactlyElementsOf(
                        plan.steps().stream().map(Plan.Step::weight).toList());
    }

    @Property
    void aGreenThatIsNeverReadyEndsInTime(@ForAll("plans") Plan plan) {
        Observation never = new Observation(2, new Green.Running(1, 0, 9), new Judgement.Fine(), new Hook.Pending());
        List<Visit> visits = run(plan, java.util.Collections.nCopies(200, new Moment(5, never)));
        Visit end = visits.stream()
                .filter(visit -> !visit.after().phase().isRunning())
                .findFirst()
                .orElseThrow();
        assertThat(end.after().phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(end.after().message()).contains("1 of 2 instances are ready");
        assertThat(Duration.between(START, end.at()))
                .isBetween(plan.readyTimeout(), plan.readyTimeout().plusSeconds(5));
    }

    @Property
    void whoHasAllEventsKeepsThemWhenAThirdVersionIsAskedFor(
            @ForAll("plans") Plan plan, @ForAll("stories") List<Moment> story) {
        for (Visit visit : run(plan, story)) {
            Progress at = visit.after();
            if (!at.phase().isRunning()) {
                continue;
            }
            Progress third = RolloutMachine.redirected(at, 3, visit.at());
            assertThat(third.phase()).isEqualTo(at.weight() == 100 ? Phase.SUCCEEDED : Phase.ROLLED_BACK);
            Progress back = RolloutMachine.redirected(at, at.from(), visit.at());
            assertThat(back.phase()).isEqualTo(Phase.ROLLED_BACK);
            assertThat(third.message()).startsWith("spec.version is 3 now");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PREPARING, 0, 3, ROLLED_BACK",
        "PRE_TRAFFIC, 0, 3, ROLLED_BACK",
        "SHIFTING, 90, 3, ROLLED_BACK",
        "POST_TRAFFIC, 100, 3, SUCCEEDED",
        "BAKING, 100, 3, SUCCEEDED",
        "BAKING, 100, 1, ROLLED_BACK",
        "POST_TRAFFIC, 100, 1, ROLLED_BACK"
    })
    void aChangeOfTheVersionEndsEachPhase(Phase phase, int weight, int wanted, Phase end) {
        Progress at = new Progress(phase, 1, 2, "a", weight, 2, START, START, "");

        assertThat(RolloutMachine.redirected(at, wanted, START.plusSeconds(1)).phase())
                .isEqualTo(end);
    }

    private static List<Visit> run(Plan plan, List<Moment> story) {
        List<Visit> visits = new ArrayList<>();
        Progress at = Progress.start(1, 2, "a", START);
        Instant now = START;
        for (Moment moment : story) {
            now = now.plusSeconds(moment.seconds());
            Progress next = RolloutMachine.next(at, plan, moment.seen(), now);
            visits.add(new Visit(at, next, moment.seen(), now));
            at = next;
        }
        return visits;
    }

    @Provide
    Arbitrary<Plan> plans() {
        Arbitrary<Duration> times = Arbitraries.integers().between(0, 60).map(Duration::ofSeconds);
        Arbitrary<Integer> percents = Arbitraries.integers().between(1, 99);
        Arbitrary<List<Plan.Step>> steps = Arbitraries.oneOf(
                Arbitraries.of(List.of(Plan.atOnce())),
                Combinators.combine(percents, times).as(Plan::canary),
                Combinators.combine(percents.filter(percent -> percent > 5), times)
                        .as(Plan::linear));
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        return Combinators.combine(steps, times, times, flags, flags, flags).as(Plan::new);
    }

    @Provide
    Arbitrary<List<Moment>> stories() {
        Arbitrary<Judgement> alarms = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, (Judgement) new Judgement.Fine()),
                net.jqwik.api.Tuple.of(2, (Judgement) new Judgement.Silent("few")),
                net.jqwik.api.Tuple.of(1, (Judgement) new Judgement.Breached("many")));
        Arbitrary<Hook> hooks = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(2, (Hook) new Hook.Pending()),
                net.jqwik.api.Tuple.of(6, (Hook) new Hook.Succeeded()),
                net.jqwik.api.Tuple.of(1, (Hook) new Hook.Failed("no")));
        Arbitrary<Integer> ready = Arbitraries.integers().between(0, 5);
        Arbitrary<Green> greens = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.of((Green) new Green.Unusable("starts"))),
                net.jqwik.api.Tuple.of(
                        4,
                        Combinators.combine(ready, ready, ready)
                                .as((now, least, more) -> new Green.Running(now, least, least + more))));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(0, 5),
                        greens,
                        alarms,
                        hooks)
                .as((seconds, instances, green, judgement, hook) ->
                        new Moment(seconds, new Observation(instances, green, judgement, hook)))
                .list()
                .ofMaxSize(60);
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 0, 0", "5, 0, 5, 1", "5, 1, 5, 2", "5, 2, 5, 4", "5, 4, 5, 5", "1, 0, 1, 1"})
    void greenStartsWithOneInstanceAndDoubles(int blue, int ready, int instances, int wanted) {
        Progress preparing = Progress.start(1, 2, "wish", START).keeping(blue);

        assertThat(preparing.instances()).isEqualTo(instances);
        assertThat(preparing.greenInstances(ready)).isEqualTo(wanted);
        assertThat(preparing.with(Phase.SHIFTING, 10, START, "").greenInstances(ready))
                .as("whose events come")
                .isEqualTo(instances);
    }
}
