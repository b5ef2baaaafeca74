package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Annotations;
import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodRetryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void attemptsAreSoonAtFirstAndNeverFarApart() {
        List<Integer> attempts = new ArrayList<>();
        Instant last = null;
        for (int second = 0; second <= 75; second++) {
            Instant now = START.plusSeconds(second);
            if (PodRetry.isDue(deployment(last), status(false), now)) {
                attempts.add(second);
                last = now;
            }
        }
        assertThat(attempts).containsExactly(2, 4, 8, 16, 31, 46, 61);
    }

    @Test
    void anAttemptOfAnEarlierObstacleDoesNotCount() {
        assertThat(PodRetry.isDue(deployment(START.minusSeconds(1000)), status(false), START.plusSeconds(2)))
                .isTrue();
        assertThat(PodRetry.isDue(deployment(null), status(true), START.plusSeconds(1000)))
                .isFalse();
    }

    @Test
    void theNextAttemptIsReconciledInTimeAndEarlierPlansStay() {
        UpdateControl<Function> none = UpdateControl.noUpdate();
        assertThat(PodRetry.schedule(none, status(true), START).getScheduleDelay())
                .isEmpty();
        assertThat(PodRetry.schedule(none, status(false), START.plusSeconds(100))
                        .getScheduleDelay())
                .contains(15_000L);
        UpdateControl<Function> soon = UpdateControl.noUpdate();
        soon.rescheduleAfter(Duration.ofMillis(500));
        assertThat(PodRetry.schedule(soon, status(false), START.plusSeconds(100))
                        .getScheduleDelay())
                .contains(500L);
    }

    private static Deployment deployment(@Nullable Instant retried) {
        DeploymentBuilder deployment = new DeploymentBuilder().withNewMetadata().endMetadata();
        return retried == null
                ? deployment.build()
                : deployment
                        .editMetadata()
                        .addToAnnotations(Annotations.RETRIED, retried.toString())
                        .endMetadata()
                        .build();
    }

    private static FunctionStatus status(boolean available) {
        FunctionStatus status = new FunctionStatus();
        status.conditions = new Conditions(null, 1L, START)
                .set(ConditionTypes.RESOURCES_AVAILABLE, available, "FailedCreate", "no")
                .list();
        return status;
    }
}
