package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.PodSettings;
import dev.kappa.api.v1alpha1.Scheduling;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts into a pod what a function says of nodes and of pulling its image: these fields and no others. */
final class Placement {
    private Placement() {}

    static void place(PodSpecBuilder pod, Workload workload) {
        Scheduling scheduling = workload.spec().scheduling;
        if (scheduling != null) {
            pod.withNodeSelector(scheduling.nodeSelector)
                    .withPriorityClassName(scheduling.priorityClassName)
                    .withRuntimeClassName(scheduling.runtimeClassName)
                    .withTolerations(stream(scheduling.tolerations)
                            .map(Placement::toleration)
                            .toList())
                    .withTopologySpreadConstraints(stream(scheduling.topologySpread)
                            .map(spread -> constraint(spread, workload))
                            .toList());
        }
        PodSettings settings = workload.spec().pod;
        if (settings != null) {
            pod.withImagePullSecrets(stream(settings.imagePullSecrets)
                    .map(LocalObjectReference::new)
                    .toList());
        }
    }

    private static Toleration toleration(Scheduling.Toleration given) {
        return new Toleration(given.effect, given.key, given.operator, null, given.value);
    }

    private static TopologySpreadConstraint constraint(Scheduling.Spread spread, Workload workload) {
        return new TopologySpreadConstraintBuilder()
                .withTopologyKey(spread.topologyKey)
                .withMaxSkew(spread.maxSkew)
                .withWhenUnsatisfiable(spread.whenUnsatisfiable)
                .withNewLabelSelector()
                .withMatchLabels(VersionName.selector(workload.id()))
                .endLabelSelector()
                .build();
    }

    private static <T> Stream<T> stream(@Nullable List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }
}
