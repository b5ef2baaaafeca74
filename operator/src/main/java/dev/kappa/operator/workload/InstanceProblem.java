package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.operator.status.Remedy;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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
    private static final String FAILED_CREATE = "FailedCreate";
    private static final String REPLICA_SET_FAILED = "ReplicaSetCreateError";
    private static final String NO_VALUE = "EnvironmentNotFound";
    private static final Set<String> PULL = Set.of("ErrImagePull", "ImagePullBackOff");
    private static final Set<String> RESOURCES = Set.of(
            FAILED_CREATE,
            REPLICA_SET_FAILED,
            "Unschedulable",
            "CreateContainerConfigError",
            NO_VALUE,
            "CreateContainerError",
            "ErrImagePull",
            "ImagePullBackOff",
            "ImageInspectError",
            "ErrImageNeverPull",
            "InvalidImageName");
    /** Another at each attempt. */
    private static final Pattern POD_NAME = Pattern.compile("pods \"[^\"]*\" is forbidden: ");

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

    /** A Secret or ConfigMap is missing, so that none would start. */
    static InstanceProblem ofEnvironment(String missing) {
        return new InstanceProblem(NO_VALUE, missing);
    }

    /** Whether the cluster does not give what a pod needs, whatever the code in it is. */
    boolean isOfResources() {
        return RESOURCES.contains(reason);
    }

    /** Whether there is no pod at all. */
    boolean isOfReplicaSet() {
        return reason.equals(FAILED_CREATE) || reason.equals(REPLICA_SET_FAILED);
    }

    /** Whether an image cannot be had. */
    boolean isOfPull() {
        return PULL.contains(reason);
    }

    /** Cause and remedy, for a person. */
    String text() {
        String cause = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        return isOfResources() ? cause + "; " + Remedy.of(message) : cause;
    }

    private static Optional<InstanceProblem> of(Deployment deployment) {
        Integer wanted = deployment.getSpec().getReplicas();
        return deployment.getStatus() == null || Objects.equals(wanted, 0)
                ? Optional.empty()
                : failure(deployment.getStatus());
    }

    static Optional<InstanceProblem> failure(DeploymentStatus status) {
        return failures(status).stream()
                .map(it -> new InstanceProblem(
                        it.getReason(),
                        POD_NAME.matcher(String.valueOf(it.getMessage())).replaceAll("")))
                .findFirst();
    }

    /** The conditions that tell why there are no pods. */
    static List<DeploymentCondition> failures(DeploymentStatus status) {
        return status.getConditions() == null
                ? List.of()
                : status.getConditions().stream()
                        .filter(it -> (it.getType().equals("ReplicaFailure")
                                        && it.getStatus().equals("True"))
                                || REPLICA_SET_FAILED.equals(it.getReason()))
                        .toList();
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
