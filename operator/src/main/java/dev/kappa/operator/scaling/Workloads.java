package dev.kappa.operator.scaling;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Replicas;
import dev.kappa.operator.workload.DeploymentWatch;
import dev.kappa.operator.workload.InstanceProblem;
import dev.kappa.operator.workload.LeanStore;
import dev.kappa.operator.workload.VersionName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deployments and pods of functions as the watch has them, corrected by what this process wrote last. */
public final class Workloads implements Replicas {
    private static final int RESYNC = 0;

    private record Written(int replicas, long resourceVersion) {
        boolean isOlderThan(Known known) {
            return resourceVersion <= known.resourceVersion();
        }
    }

    private record Known(int replicas, long resourceVersion) {
        static Known of(Deployment deployment) {
            Integer replicas = deployment.getSpec().getReplicas();
            return new Known(
                    replicas == null ? 1 : replicas,
                    Long.parseLong(deployment.getMetadata().getResourceVersion()));
        }
    }

    private final Map<VersionKey, Known> deployments = new ConcurrentHashMap<>();
    private final PodIndex pods = new PodIndex();
    private final Map<VersionKey, Written> written = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private final KubernetesClient client;
    private final LeanStore<Deployment> store;

    /**
     * Watches nothing yet.
     *
     * @param client the API server
     */
    public Workloads(KubernetesClient client) {
        this.client = client;
        this.store = LeanStore.ofDeployments(client.getKubernetesSerialization());
    }

    /**
     * Starts the watches.
     *
     * @param scaled hears of versions whose Deployment came, or has other replicas than before
     * @param gone hears of versions whose Deployment was deleted
     * @param changed hears of versions whose Deployment changed or was deleted, or with a pod that does not start, and when that
     *     is over
     */
    public void start(Consumer<VersionKey> scaled, Consumer<VersionKey> gone, Consumer<VersionKey> changed) {
        start(
                client.apps().deployments().inAnyNamespace().withLabel(Labels.FUNCTION),
                store,
                handler(
                        (before, deployment) -> VersionName.of(deployment).ifPresent(id -> {
                            Known now = Known.of(deployment);
                            Known last = deployments.put(id, now);
                            written.computeIfPresent(id, (key, it) -> it.isOlderThan(now) ? null : it);
                            if (last == null || last.replicas() != now.replicas()) {
                                scaled.accept(id);
                            }
                            if (before == null || DeploymentWatch.matters(deployment, before)) {
                                changed.accept(id);
                            }
                        }),
                        deployment -> VersionName.of(deployment).ifPresent(id -> {
                            deployments.remove(id);
                            written.remove(id);
                            gone.accept(id);
                            changed.accept(id);
                        })));
        start(
                client.pods().inAnyNamespace().withLabel(Labels.FUNCTION),
                LeanStore.withoutManagedFields(),
                handler(
                        (before, pod) -> {
                            pods.put(pod);
                            if (!problem(before).equals(problem(pod))) {
                                VersionName.of(pod).ifPresent(changed);
                            }
                        },
                        pod -> {
                            pods.remove(pod);
                            if (problem(pod).isPresent()) {
                                VersionName.of(pod).ifPresent(changed);
                            }
                        }));
    }

    /** Returns once all is listed. */
    private <T extends HasMetadata> void start(
            Informable<T> objects, LeanStore<T> store, ResourceEventHandler<T> handler) {
        informers.add(objects.withLimit(LeanStore.PAGE)
                .runnableInformer(RESYNC)
                .removeNamespaceIndex()
                .itemStore(store)
                .addEventHandler(handler)
                .run());
    }

    /** Most changes of a pod tell its owner nothing; that it runs comes as a hello. */
    private static Optional<InstanceProblem> problem(@Nullable Pod pod) {
        return Optional.ofNullable(pod).flatMap(InstanceProblem::of);
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
        Known known = deployments.get(id);
        if (known == null) {
            return OptionalInt.empty();
        }
        Written last = written.get(id);
        return OptionalInt.of(
                last != null && last.resourceVersion() > known.resourceVersion() ? last.replicas() : known.replicas());
    }

    /** The newest known resourceVersion of a version's Deployment. */
    Optional<String> resourceVersion(VersionKey id) {
        return Optional.ofNullable(deployments.get(id)).map(known -> {
            Written last = written.get(id);
            return Long.toString(Math.max(last == null ? 0 : last.resourceVersion(), known.resourceVersion()));
        });
    }

    /**
     * A version's Deployment, of which only {@link LeanStore#ofDeployments a part} is kept.
     *
     * @param id which
     */
    public Optional<Deployment> deployment(VersionKey id) {
        return Optional.ofNullable(store.get(key(id)));
    }

    /**
     * Whether a version has a Deployment.
     *
     * @param id which
     */
    public boolean exists(VersionKey id) {
        return deployments.containsKey(id);
    }

    /** Names of all Deployments, each behind its namespace and a slash. */
    public Set<String> names() {
        return deployments.keySet().stream().map(Workloads::key).collect(Collectors.toSet());
    }

    private static String key(VersionKey id) {
        return id.namespace() + "/" + VersionName.deployment(id);
    }

    /** Namespaces that have a Deployment. */
    public Set<String> namespaces() {
        return deployments.keySet().stream().map(VersionKey::namespace).collect(Collectors.toSet());
    }

    /** Forgets what was written to Deployments that were deleted meanwhile. */
    public void retain() {
        written.keySet().retainAll(deployments.keySet());
    }

    void wrote(VersionKey id, int replicas, String resourceVersion) {
        written.put(id, new Written(replicas, Long.parseLong(resourceVersion)));
    }

    Optional<Pod> pod(String namespace, String name) {
        return pods.get(namespace, name);
    }

    /**
     * Pods of a version, any revision.
     *
     * @param id which
     */
    public List<Pod> pods(VersionKey id) {
        return pods.of(id);
    }

    private static <T> ResourceEventHandler<T> handler(BiConsumer<@Nullable T, T> present, Consumer<T> gone) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T resource) {
                present.accept(null, resource);
            }

            @Override
            public void onUpdate(T before, T resource) {
                present.accept(before, resource);
            }

            @Override
            public void onDelete(T resource, boolean unknownState) {
                gone.accept(resource);
            }
        };
    }
}
