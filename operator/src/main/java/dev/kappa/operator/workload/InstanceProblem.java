package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Labels;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why no instance starts.
 *
 * @param reason a word for the condition, Kubernetes' own
 * @param message what Kubernetes says of it
 */
public record InstanceProblem(String reason, String message) {
    private static final String OOM_KILLED = "OOMKilled";
    private static final InstanceProblem OUT_OF_MEMORY = new InstanceProblem(
            OOM_KILLED, "it was killed for its memory; raise spec.memory, or lower spec.concurrency.perInstance");
    private static final Set<String> PASSING = Set.of("ContainerCreating", "PodInitializing");

    /**
     * Looks for one.
     *
     * @param deployment of the version
     * @param pods of the version, any revision
     * @param revision only pods of this one count
     */
    public static Optional<InstanceProblem> find(Deployment deployment, Collection<Pod> pods, String revision) {
        return pods.stream()
                .filter(pod -> Labels.revision(pod).filter(revision::equals).isPresent())
                .map(InstanceProblem::of)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> of(deployment));
    }

    private static Optional<InstanceProblem> of(Deployment deployment) {
        return deployment.getStatus() == null ? Optional.empty() : failure(deployment.getStatus());
    }

    static Optional<InstanceProblem> failure(DeploymentStatus status) {
        return status.getConditions() == null
                ? Optional.empty()
                : status.getConditions().stream()
                        .filter(it -> it.getType().equals("ReplicaFailure")
                                && it.getStatus().equals("True"))
                        .map(it -> new InstanceProblem(it.getReason(), it.getMessage()))
                        .findFirst();
    }

    /**
     * Why a pod does not start.
     *
     * @param pod of an instance
     * @return empty if it starts or runs
     */
    public static Optional<InstanceProblem> of(Pod pod) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return containers(pod).stream()
                .filter(it -> it.getState() != null && it.getState().getWaiting() != null)
                .filter(it -> it.getState().getWaiting().getReason() != null
                        && !PASSING.contains(it.getState().getWaiting().getReason()))
                .map(it -> isOutOfMemory(it) ? OUT_OF_MEMORY : of(it.getState().getWaiting()))
                .findFirst()
                .or(() -> unschedulable(pod));
    }

    private static Optional<InstanceProblem> unschedulable(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(it ->
                        it.getType().equals("PodScheduled") && it.getStatus().equals("False"))
                .map(it -> new InstanceProblem("Unschedulable", String.valueOf(it.getMessage())))
                .findFirst();
    }

    private static List<ContainerStatus> containers(Pod pod) {
        List<ContainerStatus> statuses = pod.getStatus().getContainerStatuses();
        return statuses == null ? List.of() : statuses;
    }

    /** Kubernetes says no more than that it backs off. */
    private static boolean isOutOfMemory(ContainerStatus status) {
        return status.getLastState() != null
                && status.getLastState().getTerminated() != null
                && OOM_KILLED.equals(status.getLastState().getTerminated().getReason());
    }

    private static InstanceProblem of(ContainerStateWaiting waiting) {
        return new InstanceProblem(
                waiting.getReason(), waiting.getMessage() == null ? waiting.getReason() : waiting.getMessage());
    }
}
