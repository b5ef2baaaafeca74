package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.operator.status.Remedy;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceProblemTest {
    private static final String QUOTA = "exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3";

    @Test
    void kubernetesOwnReasonIsTold() {
        assertThat(InstanceProblem.of(pod(waiting("ErrImagePull", "no such image"))))
                .contains(new InstanceProblem("ErrImagePull", "no such image"));
        assertThat(InstanceProblem.of(pod(waiting("ContainerCreating", "")))).isEmpty();
    }

    @Test
    void aBackOffAfterAKillForMemoryNamesMemoryAndTheRemedy() {
        ContainerStatus killed = new ContainerStatusBuilder(waiting("CrashLoopBackOff", "back-off 10s restarting"))
                .withNewLastState()
                .withNewTerminated()
                .withReason("OOMKilled")
                .withExitCode(137)
                .endTerminated()
                .endLastState()
                .build();

        assertThat(InstanceProblem.of(pod(killed)))
                .get()
                .matches(it -> it.reason().equals("OOMKilled"))
                .matches(it -> it.message().contains("raise spec.memory, or lower spec.concurrency.perInstance"));
    }

    @Test
    void aReplicaSetThatGetsNoPodIsTheSameProblemAtEachAttempt() {
        assertThat(InstanceProblem.find(
                        deployment(1, "pods \"fn-a-latest-6c-x1\" is forbidden: " + QUOTA), List.of(), "r1"))
                .isEqualTo(InstanceProblem.find(
                        deployment(1, "pods \"fn-a-latest-6c-x2\" is forbidden: " + QUOTA), List.of(), "r1"))
                .get()
                .matches(InstanceProblem::isOfResources)
                .matches(InstanceProblem::isOfReplicaSet)
                .extracting(InstanceProblem::text)
                .isEqualTo(QUOTA
                        + "; raise the ResourceQuota, lower spec.memory or spec.scaling.max, or delete what uses it");
    }

    @Test
    void whoAsksForNoPodIsRefusedNone() {
        assertThat(InstanceProblem.find(deployment(0, QUOTA), List.of(), "r1")).isEmpty();
    }

    @Test
    void aCrashIsNoMatterOfResources() {
        assertThat(new InstanceProblem("CrashLoopBackOff", "back-off 10s").isOfResources())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "error looking up service account media/thumbs: serviceaccount \"thumbs\" not found|spec.serviceAccountName",
                "maximum memory usage per Container is 64Mi, but limit is 128Mi|LimitRange",
                "admission webhook \"policy.example\" denied the request: no|webhook",
                "violates PodSecurity \"restricted:latest\"|Pod Security",
                "secret \"keys\" not found|spec.environment",
                "couldn't find key x in Secret default/keys|spec.environment",
                "0/3 nodes are available: 3 Insufficient memory.|add a node",
                "Back-off pulling image \"nowhere/app:1\"|spec.code.image.reference",
                "something that nobody foresaw|tries again"
            })
    void everyCauseHasItsRemedy(String message, String remedy) {
        assertThat(Remedy.of(message)).contains(remedy);
    }

    @Test
    void aFullStopOfKubernetesIsNotRepeated() {
        assertThat(new InstanceProblem("Unschedulable", "3 Insufficient memory.").text())
                .isEqualTo("3 Insufficient memory; add a node, or lower spec.memory");
    }

    private static Deployment deployment(int replicas, String message) {
        return new DeploymentBuilder()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withReason("FailedCreate")
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
    }

    private static ContainerStatus waiting(String reason, String message) {
        return new ContainerStatusBuilder()
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .endState()
                .build();
    }

    private static Pod pod(ContainerStatus status) {
        return new PodBuilder()
                .withNewStatus()
                .withContainerStatuses(status)
                .endStatus()
                .build();
    }
}
