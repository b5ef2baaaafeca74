package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps of its objects: not what nobody here reads, which is most of a Deployment and, with the names of all
 * fields that somebody ever set, much of everything else; and of kinds that every function has {@link PackedStore as little as it can}.
 *
 * @param <T> kind of the objects
 */
public final class LeanStore<T extends HasMetadata> implements ItemStore<T> {
    /** So many objects are in memory at once while they are listed, whatever the number of all. */
    public static final long PAGE = 500;

    /** Annotation of what is kept of a Deployment, instead of what is not: see {@link Deployments#fingerprint}. */
    static final String FINGERPRINT = "fingerprint";

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final ItemStore<T> kept;
    private final Consumer<T> strip;

    private LeanStore(ItemStore<T> kept, Consumer<T> strip) {
        this.kept = kept;
        this.strip = strip;
    }

    private static <T extends HasMetadata> LeanStore<T> packed(
            Class<T> type, KubernetesSerialization json, Consumer<T> strip) {
        return new LeanStore<>(new PackedStore<>(type, json), strip);
    }

    /**
     * Leaves out who set which fields.
     *
     * @param <T> kind of the objects
     */
    public static <T extends HasMetadata> LeanStore<T> withoutManagedFields() {
        return new LeanStore<>(new BasicItemStore<>(Cache::metaNamespaceKeyFunc), LeanStore::lighten);
    }

    /**
     * Functions as they are.
     *
     * @param json writes and reads what is kept
     */
    public static LeanStore<Function> ofFunctions(KubernetesSerialization json) {
        return packed(Function.class, json, LeanStore::lighten);
    }

    /**
     * Of functions what their versions depend on: reserved concurrency, and what was published last.
     *
     * @param json writes and reads what is kept
     */
    public static LeanStore<Function> ofFunctionsForVersions(KubernetesSerialization json) {
        return packed(Function.class, json, function -> {
            lighten(function);
            FunctionSpec spec = new FunctionSpec();
            spec.concurrency = function.getSpec().concurrency;
            function.setSpec(spec);
            FunctionStatus status = function.getStatus();
            FunctionStatus kept = new FunctionStatus();
            if (status != null) {
                kept.lastVersion = status.lastVersion;
                kept.codeSha256 = status.codeSha256;
            }
            function.setStatus(kept);
        });
    }

    /**
     * Versions as they are.
     *
     * @param json writes and reads what is kept
     */
    public static LeanStore<FunctionVersion> ofVersions(KubernetesSerialization json) {
        return packed(FunctionVersion.class, json, LeanStore::lighten);
    }

    /**
     * Of versions all but the function that they froze.
     *
     * @param json writes and reads what is kept
     */
    public static LeanStore<FunctionVersion> ofVersionsWithoutFunction(KubernetesSerialization json) {
        return packed(FunctionVersion.class, json, version -> {
            lighten(version);
            if (version.getSpec().snapshot != null) {
                version.getSpec().snapshot.function = new FunctionSpec();
            }
        });
    }

    /**
     * Of Deployments what is looked at: whose they are, replicas, what fails, and whether the autoscaler has the replicas.
     *
     * @param json writes and reads what is kept
     */
    public static LeanStore<Deployment> ofDeployments(KubernetesSerialization json) {
        return packed(Deployment.class, json, deployment -> {
            ObjectMeta metadata = deployment.getMetadata();
            metadata.setManagedFields(metadata.getManagedFields().stream()
                    .filter(entry -> Objects.equals(entry.getManager(), ScaleWriter.MANAGER))
                    .limit(1)
                    .map(entry -> autoscaler())
                    .toList());
            metadata.setOwnerReferences(List.of());
            metadata.setLabels(
                    VersionName.of(deployment).map(VersionName::selector).orElse(Map.of()));
            Map<String, String> annotations = new HashMap<>();
            if (metadata.getAnnotations() != null) {
                annotations.putAll(metadata.getAnnotations());
            }
            annotations.put(FINGERPRINT, Deployments.fingerprint(deployment));
            metadata.setAnnotations(annotations);
            deployment.setSpec(replicas(deployment));
            deployment.setStatus(status(deployment.getStatus()));
        });
    }

    private static ManagedFieldsEntry autoscaler() {
        ManagedFieldsEntry entry = new ManagedFieldsEntry();
        entry.setManager(ScaleWriter.MANAGER);
        return entry;
    }

    private static DeploymentSpec replicas(Deployment deployment) {
        DeploymentSpec spec = new DeploymentSpec();
        spec.setReplicas(deployment.getSpec().getReplicas());
        return spec;
    }

    private static DeploymentStatus status(@Nullable DeploymentStatus status) {
        DeploymentStatus kept = new DeploymentStatus();
        if (status != null) {
            kept.setReadyReplicas(status.getReadyReplicas());
            kept.setConditions(InstanceProblem.failures(status));
        }
        return kept;
    }

    private static void lighten(HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        if (metadata.getAnnotations() != null) {
            metadata.getAnnotations().remove(LAST_APPLIED);
        }
        metadata.setManagedFields(List.of());
    }

    @Override
    public String getKey(T object) {
        return kept.getKey(object);
    }

    @Override
    public @Nullable T put(String key, T object) {
        strip.accept(object);
        return kept.put(key, object);
    }

    @Override
    public @Nullable T remove(String key) {
        return kept.remove(key);
    }

    @Override
    public @Nullable T get(String key) {
        return kept.get(key);
    }

    @Override
    public Stream<String> keySet() {
        return kept.keySet();
    }

    @Override
    public Stream<T> values() {
        return kept.values();
    }

    @Override
    public int size() {
        return kept.size();
    }
}
