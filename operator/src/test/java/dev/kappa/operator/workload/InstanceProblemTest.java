package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class InstanceProblemTest {
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
