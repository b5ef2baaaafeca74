package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Annotations;
import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Kubernetes try again soon what it could not do: the pauses between the attempts of a ReplicaSet grow to a quarter of
 * an hour, and those of a pull of an image to five minutes.
 */
public final class PodRetry {
    private static final Logger LOG = LoggerFactory.getLogger(PodRetry.class);
    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration PULL = Duration.ofSeconds(60);
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("kappa-retry")
            .build();

    private final KubernetesClient client;

    /**
     * Writes through a client.
     *
     * @param client the API server
     */
    public PodRetry(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Tries again if it is time.
     *
     * @param deployment of a version
     * @param pods of its current revision
     * @param problem why it has no pods, or those no containers
     * @param status tells since when
     * @param now the time
     */
    void retry(
            Deployment deployment, Collection<Pod> pods, InstanceProblem problem, FunctionStatus status, Instant now) {
        try {
            if (problem.isOfReplicaSet()) {
                if (isDue(deployment, status, now)) {
                    touch(deployment, now);
                }
            } else if (problem.isOfPull()) {
                pods.stream()
                        .filter(pod -> isStuck(pod, now))
                        .forEach(pod -> client.resource(pod).delete());
            }
        } catch (KubernetesClientException e) {
            LOG.info("{} is not tried again: {}", deployment.getMetadata().getName(), e.getMessage());
        }
    }

    /**
     * Has the resource reconciled when the next attempt is due, if there is to be one.
     *
     * @param <P> kind of the resource
     * @param control what else follows from its reconciliation
     * @param status as it is now
     * @param now the time
     * @return the same
     */
    public static <P extends io.fabric8.kubernetes.api.model.HasMetadata> UpdateControl<P> schedule(
            UpdateControl<P> control, FunctionStatus status, Instant now) {
        Optional<Duration> pause = obstacleSince(status).map(since -> pause(since, now));
        return pause.filter(it -> control.getScheduleDelay().isEmpty()
                        || control.getScheduleDelay().get() > it.toMillis())
                .map(control::rescheduleAfter)
                .orElse(control);
    }

    static boolean isDue(Deployment deployment, FunctionStatus status, Instant now) {
        Optional<Instant> since = obstacleSince(status);
        if (since.isEmpty()) {
            return false;
        }
        Instant last = Optional.ofNullable(deployment.getMetadata().getAnnotations())
                .map(it -> it.get(Annotations.RETRIED))
                .map(Instant::parse)
                .filter(since.get()::isBefore)
                .orElse(since.get());
        return !last.plus(pause(since.get(), last)).isAfter(now);
    }

    private static boolean isStuck(Pod pod, Instant now) {
        return InstanceProblem.of(pod).filter(InstanceProblem::isOfPull).isPresent()
                && Instant.parse(pod.getMetadata().getCreationTimestamp())
                        .plus(PULL)
                        .isBefore(now);
    }

    /** After as long as the obstacle has been there. */
    private static Duration pause(Instant since, Instant now) {
        Duration passed = Duration.between(since, now);
        if (passed.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return passed.compareTo(LONGEST) > 0 ? LONGEST : passed;
    }

    private static Optional<Instant> obstacleSince(FunctionStatus status) {
        return ConditionTypes.find(status.conditions, ConditionTypes.RESOURCES_AVAILABLE)
                .filter(it -> "False".equals(it.getStatus()))
                .map(Condition::getLastTransitionTime)
                .map(Instant::parse);
    }

    /** The Deployment controller copies the annotation to the ReplicaSet, whose controller looks at what changed at once. */
    private void touch(Deployment deployment, Instant now) {
        client.apps()
                .deployments()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName())
                .patch(MERGE, "{\"metadata\":{\"annotations\":{\"" + Annotations.RETRIED + "\":\"" + now + "\"}}}");
    }
}
