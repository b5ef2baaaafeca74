package dev.kappa.operator.scaling;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.workload.VersionName;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Pods of functions by name and by version, so that nothing searches all of them. */
final class PodIndex {
    private record Name(String namespace, String name) {
        static Name of(Pod pod) {
            return new Name(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
        }
    }

    private final Map<Name, Pod> byName = new ConcurrentHashMap<>();
    private final Map<VersionKey, Map<Name, Pod>> byVersion = new ConcurrentHashMap<>();

    void put(Pod pod) {
        Pod before = byName.put(Name.of(pod), pod);
        VersionName.of(pod)
                .ifPresent(id -> byVersion.compute(id, (key, pods) -> {
                    Map<Name, Pod> kept = pods == null ? new ConcurrentHashMap<>() : pods;
                    kept.put(Name.of(pod), pod);
                    return kept;
                }));
        if (before != null && !VersionName.of(before).equals(VersionName.of(pod))) {
            unlist(before);
        }
    }

    void remove(Pod pod) {
        byName.remove(Name.of(pod));
        unlist(pod);
    }

    Optional<Pod> get(String namespace, String name) {
        return Optional.ofNullable(byName.get(new Name(namespace, name)));
    }

    List<Pod> of(VersionKey id) {
        Map<Name, Pod> pods = byVersion.get(id);
        return pods == null ? List.of() : List.copyOf(pods.values());
    }

    boolean isEmpty() {
        return byName.isEmpty() && byVersion.isEmpty();
    }

    private void unlist(Pod pod) {
        VersionName.of(pod).ifPresent(id -> byVersion.computeIfPresent(id, (key, pods) -> without(pods, pod)));
    }

    private static @Nullable Map<Name, Pod> without(Map<Name, Pod> pods, Pod pod) {
        pods.remove(Name.of(pod));
        return pods.isEmpty() ? null : pods;
    }
}
