package dev.kappa.operator.workload;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which changes of a Deployment its owner wants to hear of; most are bookkeeping of Kubernetes. */
public final class DeploymentWatch {
    private DeploymentWatch() {}

    /**
     * Compares.
     *
     * @param now the Deployment
     * @param before the one that the watch had
     * @return whether specification, ready replicas or conditions changed
     */
    public static boolean matters(Deployment now, Deployment before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations())
                || differs(now, before, DeploymentStatus::getReadyReplicas)
                || differs(now, before, InstanceProblem::failure);
    }

    private static boolean differs(Deployment now, Deployment before, Function<DeploymentStatus, ?> value) {
        return !Objects.equals(value(now.getStatus(), value), value(before.getStatus(), value));
    }

    private static @Nullable Object value(@Nullable DeploymentStatus status, Function<DeploymentStatus, ?> value) {
        return status == null ? null : value.apply(status);
    }
}
