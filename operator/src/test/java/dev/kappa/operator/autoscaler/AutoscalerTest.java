package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One vector a behaviour. */
class AutoscalerTest {
    @Test
    void theFirstEventStartsOneInstanceAtOnce() {
        Bench bench = Bench.proven(10);

        Change change = bench.report(1);

        assertThat(change).isNotNull().extracting(Change::to).isEqualTo(1);
        assertThat(bench.report(1))
                .as("the event is covered by the starting instance")
                .isNull();
    }

    @Test
    void manyFirstEventsStartAsManyInstancesUpToTheMaximum() {
        Bench bench = Bench.proven(10);

        bench.report(30);

        assertThat(bench.replicas).isEqualTo(10);
    }

    @Test
    void anInstanceOfManySlotsCoversManyEvents() {
        Bench bench = Bench.with(Bench.target(true, 0, 10, 8, null));

        bench.report(9);

        assertThat(bench.replicas).isEqualTo(2);
    }

    @Test
    void provisionedInstancesStartAFewAtATimeAndStay() {
        Bench bench = Bench.with(Bench.provisioned(10, 100, null));

        bench.report(0);
        assertThat(bench.replicas).isEqualTo(4);
        bench.report(0, 0, 0, 0);
        assertThat(bench.replicas).as("three are ready, four more may start").isEqualTo(7);
        bench.report(0, new int[8]);
        assertThat(bench.replicas).isEqualTo(10);

        bench.pass(Duration.ofHours(1));
        bench.report(0, new int[10]);
        bench.report(0, new int[2]);
        bench.tick();
        assertThat(bench.replicas)
                .as("neither idle time nor a gateway that knows only two of them takes any away")
                .isEqualTo(10);
    }

    @Test
    void demandBeyondProvisionedInstancesScalesAsEver() {
        Bench bench = Bench.with(Bench.provisioned(2, 100, null));
        bench.replicas = 2;

        bench.report(3, 1, 1);

        assertThat(bench.replicas).isEqualTo(5);
    }

    @Test
    void limitsBoundProvisionedInstances() {
        Bench few = Bench.with(Bench.provisioned(10, 3, null));
        Bench reserved = Bench.with(Bench.provisioned(10, 100, 2));
        Bench off = Bench.with(Bench.provisioned(10, 100, 0));

        few.report(0);
        reserved.report(0);
        off.report(0);

        assertThat(few.replicas).isEqualTo(3);
        assertThat(reserved.replicas).isEqualTo(2);
        assertThat(off.replicas).isZero();
    }

    @Test
    void whatWaitsForAStartingInstanceIsNotCountedAgain() {
        Bench bench = Bench.proven(100);
        bench.report(3);

        for (int i = 0; i < 20; i++) {
            bench.pass(Duration.ofMillis(100));
            bench.report(3);
        }

        assertThat(bench.replicas).isEqualTo(3);
    }

    @Test
    void eventsThatBusyInstancesEndWithinAColdStartDoNotAskForMore() {
        Bench bench = Bench.proven(100);
        bench.replicas = 1;
        bench.completed(100, Duration.ofMillis(10));
        bench.report(0, 1);

        assertThat(bench.report(20, 1)).isNull();
    }

    @Test
    void slowEventsAskForOneInstanceEach() {
        Bench bench = Bench.proven(100);
        bench.replicas = 1;
        bench.completed(100, Duration.ofSeconds(10));
        bench.report(0, 1);

        bench.report(5, 1);

        assertThat(bench.replicas).isEqualTo(6);
    }

    @Test
    void aFloorOfTwoHoldersStandsUntilTheLastOneLetsGo() {
        Bench bench = Bench.proven(10);
        bench.emptyReport();
        bench.autoscaler.floor(Bench.ID, "blue-green", 3, bench.now);
        bench.autoscaler.floor(Bench.ID, "canary", 2, bench.now);
        bench.tick();
        assertThat(bench.replicas).isEqualTo(3);

        bench.autoscaler.floor(Bench.ID, "blue-green", 0, bench.now);
        bench.replicas = 0;
        bench.tick();
        assertThat(bench.replicas).as("canary still holds two").isEqualTo(2);

        bench.autoscaler.floor(Bench.ID, "canary", 0, bench.now);
        bench.replicas = 0;
        bench.tick();
        assertThat(bench.replicas).isZero();
    }

    @Test
    void aFloorWhoseHolderIsGoneLapses() {
        Bench bench = Bench.proven(10);
        bench.emptyReport();
        bench.autoscaler.floor(Bench.ID, "deleted", 3, bench.now);

        bench.pass(Duration.ofSeconds(61));
        bench.emptyReport();
        bench.tick();

        assertThat(bench.replicas).isZero();
    }

    @Test
    void sustainedQueueingOfShortEventsScalesUp() {
        Bench bench = Bench.proven(100);
        bench.replicas = 1;
        bench.completed(100, Duration.ofMillis(10));
        for (int i = 0; i < 4; i++) {
            bench.report(3, 1);
            bench.pass(Duration.ofSeconds(1));
        }

        bench.report(3, 1);

        assertThat(bench.replicas).isEqualTo(4);
    }

    @Test
    void startsAtOnceAreBounded() {
        Bench bench = Bench.proven(1000);

        bench.report(500);

        assertThat(bench.replicas).isEqualTo(Policy.DEFAULT.startsAtOnce());
    }

    @Test
    void aStartThatIsStuckCoversNothing() {
        Bench bench = Bench.proven(10);
        bench.report(1);
        bench.pass(Policy.DEFAULT.stuckAfter().plusSeconds(1));

        bench.report(1);

        assertThat(bench.replicas).isEqualTo(2);
    }

    @Test
    void theLastInstanceGoesAfterTheIdleTimeoutAndNotBefore() {
        Bench bench = Bench.proven(10);
        bench.report(1);
        bench.pass(Duration.ofSeconds(1));
        bench.report(0, 1);

        bench.pass(Duration.ofSeconds(29));
        assertThat(bench.report(0, 0)).isNull();
        bench.pass(Duration.ofSeconds(2));
        bench.report(0, 0);

        assertThat(bench.replicas).isZero();
    }

    @Test
    void aBurstIsFollowedByCalmAndThenByStepsDownThatHalve() {
        Bench bench = Bench.proven(16);
        bench.report(16);
        int[] busy = new int[16];
        Arrays.fill(busy, 1);
        bench.pass(Duration.ofSeconds(1));
        bench.report(0, busy);
        for (int second = 0; second < 58; second++) {
            bench.pass(Duration.ofSeconds(1));
            int[] one = new int[16];
            one[0] = 1;
            assertThat(bench.report(0, one)).as("second %d", second).isNull();
        }
        bench.pass(Duration.ofSeconds(2));
        int[] one = new int[16];
        one[0] = 1;

        Change change = bench.report(0, one);

        assertThat(change).isNotNull().extracting(Change::to).isEqualTo(8);
    }

    @Test
    void theLongestIdleGoFirstAndNeverABusyOne() {
        Bench bench = Bench.proven(4);
        bench.replicas = 4;
        for (int second = 0; second <= 61; second++) {
            bench.report(0, 1, 0, 0, 1);
            bench.pass(Duration.ofSeconds(1));
        }

        assertThat(bench.replicas).isEqualTo(2);
        bench.replicas = 4;
        bench.pass(Policy.DEFAULT.downPause());
        Change change = Objects.requireNonNull(bench.report(0, 1, 0, 0, 1));

        assertThat(change.victims()).containsExactly("pod-2", "pod-1");
    }

    @Test
    void aSteadyLoadKeepsItsInstances() {
        Bench bench = Bench.proven(100);
        bench.report(8);
        int[] busy = {1, 1, 1, 1, 1, 1, 1, 1};
        for (int second = 0; second < 300; second++) {
            bench.pass(Duration.ofSeconds(1));
            bench.completed(8, Duration.ofSeconds(1));
            bench.report(0, busy);
            assertThat(bench.replicas).isBetween(7, 13);
        }
    }

    @Test
    void upDownUpDoesNotFlap() {
        Bench bench = Bench.proven(100);
        bench.report(4);
        for (int second = 0; second < 120; second++) {
            bench.pass(Duration.ofSeconds(1));
            if (second % 10 < 5) {
                bench.report(0, 1, 1, 1, 1);
            } else {
                bench.report(0, 1, 0, 0, 0);
            }
            assertThat(bench.replicas).isBetween(3, 4);
        }
    }

    @Test
    void theMinimumIsKeptWhileIdle() {
        Bench bench = Bench.with(Bench.target(true, 2, 10, 1, null));

        bench.emptyReport();
        bench.tick();
        bench.pass(Duration.ofMinutes(10));
        bench.emptyReport();
        bench.tick();

        assertThat(bench.replicas).isEqualTo(2);
    }

    @Test
    void reservedConcurrencyLimitsAndZeroSwitchesOff() {
        Bench bench = Bench.with(Bench.target(true, 0, 10, 2, 3));
        bench.report(10);
        assertThat(bench.replicas).isEqualTo(2);

        bench.autoscaler.put(Bench.target(true, 1, 10, 2, 0));
        bench.report(0, 1, 1);

        assertThat(bench.replicas).isZero();
    }

    @Test
    void aFunctionThatIsSwitchedOffIsProvenAllTheSame() {
        Bench bench = Bench.with(Bench.target(false, 1, 10, 1, 0));
        bench.emptyReport();
        bench.tick();
        assertThat(bench.replicas).isEqualTo(1);

        bench.autoscaler.put(Bench.target(true, 1, 10, 1, 0));
        bench.report(0, 1, 1);

        assertThat(bench.replicas).isZero();
    }

    @Test
    void aNewRevisionIsStartedOnceAndGoesOnceItIsProven() {
        Bench bench = Bench.with(Bench.target(false, 0, 10, 1, null));
        bench.emptyReport();

        bench.tick();
        assertThat(bench.replicas).isEqualTo(1);
        bench.pass(Duration.ofSeconds(2));
        bench.emptyReport();
        assertThat(bench.tick()).as("it stays until it said hello").isNull();
        bench.hello();
        bench.pass(Duration.ofSeconds(2));
        bench.report(0, 0);

        assertThat(bench.replicas).isZero();
        assertThat(bench.tick()).as("it is not started again").isNull();
    }

    @Test
    void anEventKeepsTheInstanceThatWasStartedAsAProof() {
        Bench bench = Bench.with(Bench.target(false, 0, 10, 1, null));
        bench.emptyReport();
        bench.tick();
        bench.pass(Duration.ofSeconds(1));
        bench.hello();
        bench.pass(Duration.ofMillis(500));
        bench.report(0, 1);
        bench.pass(Duration.ofSeconds(10));

        assertThat(bench.report(0, 0)).isNull();
        assertThat(bench.replicas).isEqualTo(1);
    }

    @Test
    void aSilentGatewayIsNoReasonToScaleDown() {
        Bench bench = Bench.proven(10);
        bench.replicas = 3;
        bench.report(0, 1, 1, 1);
        bench.pass(Duration.ofMinutes(10));

        assertThat(bench.tick()).isNull();
        assertThat(bench.replicas).isEqualTo(3);
    }

    @Test
    void aLeaderThatStartsKeepsWhatItFindsForTheIdleTimeout() {
        Bench bench = Bench.proven(10);
        bench.replicas = 2;
        bench.emptyReport();

        assertThat(bench.tick()).isNull();
        for (int second = 0; second < 31; second++) {
            bench.pass(Duration.ofSeconds(1));
            bench.emptyReport();
            bench.tick();
        }

        assertThat(bench.replicas).isZero();
    }

    @Test
    void nothingIsKeptOfAVersionThatWasDeletedWhateverIsToldOfItLater() {
        Bench bench = Bench.proven(10);
        bench.report(1);
        bench.hello();
        bench.autoscaler.floor(Bench.ID, "rollout", 2, bench.now);
        bench.autoscaler.remove(Bench.ID);
        assertThat(bench.autoscaler.isEmpty()).isTrue();
        bench.hello();
        bench.report(1);
        bench.autoscaler.floor(Bench.ID, "rollout", 2, bench.now);

        bench.autoscaler.retain(id -> false);
        assertThat(bench.autoscaler.isEmpty())
                .as("its Deployment may be new and not seen yet")
                .isFalse();
        bench.autoscaler.retain(id -> false);

        assertThat(bench.autoscaler.isEmpty()).isTrue();
    }

    @Test
    void aVersionThatHasADeploymentAgainIsKept() {
        Bench bench = Bench.proven(10);
        bench.autoscaler.retain(id -> false);
        bench.autoscaler.retain(id -> true);
        bench.autoscaler.retain(id -> false);

        assertThat(bench.autoscaler.target(Bench.ID)).isPresent();
    }

    @Test
    void floorsOfHoldersThatEndedLeaveNothing() {
        Bench bench = new Bench();
        bench.autoscaler.floor(Bench.ID, "a", 2, bench.now);
        bench.autoscaler.floor(Bench.ID, "b", 1, bench.now);
        bench.autoscaler.floor(Bench.ID, "a", 0, bench.now);
        assertThat(bench.autoscaler.isEmpty()).isFalse();
        bench.autoscaler.floor(Bench.ID, "b", 0, bench.now);

        assertThat(bench.autoscaler.isEmpty()).isTrue();
    }

    @Test
    void aStartThatIsStuckIsRepeatedOnceAndNotAtEveryReport() {
        Bench bench = Bench.proven(100);
        bench.report(1);
        for (int second = 0; second < 59; second++) {
            bench.pass(Duration.ofSeconds(1));
            bench.report(1);
        }

        assertThat(bench.replicas).isEqualTo(2);
    }
}
