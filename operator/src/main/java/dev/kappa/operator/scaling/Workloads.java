package dev.kappa.operator.scaling;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Replicas;
import dev.kappa.operator.workload.VersionName;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Deployments and pods of functions as the watch has them, corrected by what this process wrote last. */
public final class Workloads implements Replicas {
    private static final int RESYNC = 0;

    private record Written(int replicas, long resourceVersion) {}

    private record PodKey(String namespace, String name) {}

    private final Map<VersionKey, Deployment> deployments = new ConcurrentHashMap<>();
    private final Map<PodKey, Pod> pods = new ConcurrentHashMap<>();
    private final Map<VersionKey, Written> written = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final KubernetesClient client;

    /**
     * Watches nothing yet.
     *
     * @param client the API server
     */
    public Workloads(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Starts the watches.
     *
     * @param gone hears of versions whose Deployment was deleted
     * @param podChanged hears of pods that changed
     */
    public void start(Consumer<VersionKey> gone, Consumer<Pod> podChanged) {
        informers.add(client.apps()
                .deployments()
                .inAnyNamespace()
                .withLabel(Labels.FUNCTION)
                .inform(
                        handler(
                                deployment ->
                                        VersionName.of(deployment).ifPresent(id -> deployments.put(id, deployment)),
                                deployment -> VersionName.of(deployment).ifPresent(id -> {
                                    deployments.remove(id);
                                    written.remove(id);
                                    gone.accept(id);
                                })),
                        RESYNC));
        informers.add(client.pods()
                .inAnyNamespace()
                .withLabel(Labels.FUNCTION)
                .inform(
                        handler(
                                pod -> {
                                    pods.put(key(pod), pod);
                                    podChanged.accept(pod);
                                },
                                pod -> pods.remove(key(pod))),
                        RESYNC));
    }

    /** Whether all was listed. */
    public boolean isSynced() {
        return !informers.isEmpty() && informers.stream().allMatch(SharedIndexInformer::hasSynced);
    }

    /** Whether the watches go on; a watch that ended for good needs a new process. */
    public boolean isWatching() {
        return informers.stream().allMatch(SharedIndexInformer::isRunning);
    }

    @Override
    public OptionalInt of(VersionKey id) {
        Deployment deployment = deployments.get(id);
        if (deployment == null) {
            return OptionalInt.empty();
        }
        Written last = written.get(id);
        if (last != null && last.resourceVersion() > resourceVersion(deployment)) {
            return OptionalInt.of(last.replicas());
        }
        Integer replicas = deployment.getSpec().getReplicas();
        return OptionalInt.of(replicas == null ? 1 : replicas);
    }

    /** The newest known resourceVersion of a version's Deployment. */
    Optional<String> resourceVersion(VersionKey id) {
        return Optional.ofNullable(deployments.get(id)).map(deployment -> {
            Written last = written.get(id);
            long newest = Math.max(last == null ? 0 : last.resourceVersion(), resourceVersion(deployment));
            return Long.toString(newest);
        });
    }

    void wrote(VersionKey id, int replicas, String resourceVersion) {
        written.put(id, new Written(replicas, Long.parseLong(resourceVersion)));
    }

    Optional<Pod> pod(String namespace, String name) {
        return Optional.ofNullable(pods.get(new PodKey(namespace, name)));
    }

    /**
     * Pods of a version, any revision.
     *
     * @param id which
     */
    public List<Pod> pods(VersionKey id) {
        return pods.values().stream()
                .filter(pod -> VersionName.of(pod).filter(id::equals).isPresent())
                .toList();
    }

    private static long resourceVersion(Deployment deployment) {
        return Long.parseLong(deployment.getMetadata().getResourceVersion());
    }

    private static PodKey key(Pod pod) {
        return new PodKey(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }

    private static <T> ResourceEventHandler<T> handler(Consumer<T> present, Consumer<T> gone) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T resource) {
                present.accept(resource);
            }

            @Override
            public void onUpdate(T before, T resource) {
                present.accept(resource);
            }

            @Override
            public void onDelete(T resource, boolean unknownState) {
                gone.accept(resource);
            }
        };
    }
}
