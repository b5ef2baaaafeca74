package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps of its objects: not what nobody here reads, which is most of a Deployment and, with the names of all
 * fields that somebody ever set, much of everything else; and words that all of them say once.
 *
 * @param <T> kind of the objects
 */
public final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
    /** So many objects are in memory at once while they are listed, whatever the number of all. */
    public static final long PAGE = 500;

    /** Annotation of what is kept of a Deployment, instead of what is not: see {@link Deployments#fingerprint}. */
    static final String FINGERPRINT = "fingerprint";

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final Consumer<T> strip;

    private LeanStore(Consumer<T> strip) {
        super(Cache::metaNamespaceKeyFunc);
        this.strip = strip;
    }

    /**
     * Leaves out who set which fields.
     *
     * @param <T> kind of the objects
     */
    public static <T extends HasMetadata> LeanStore<T> withoutManagedFields() {
        return new LeanStore<>(LeanStore::lighten);
    }

    /** Functions as they are. */
    public static LeanStore<Function> ofFunctions() {
        return new LeanStore<>(function -> {
            lighten(function);
            share(function.getStatus());
        });
    }

    /** Of functions what their versions depend on: reserved concurrency, and what was published last. */
    public static LeanStore<Function> ofFunctionsForVersions() {
        return new LeanStore<>(function -> {
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

    /** Versions as they are. */
    public static LeanStore<FunctionVersion> ofVersions() {
        return new LeanStore<>(version -> {
            lighten(version);
            share(version.getStatus());
        });
    }

    /** Of versions all but the function that they froze. */
    public static LeanStore<FunctionVersion> ofVersionsWithoutFunction() {
        return new LeanStore<>(version -> {
            lighten(version);
            share(version.getStatus());
            if (version.getSpec().snapshot != null) {
                version.getSpec().snapshot.function = new FunctionSpec();
            }
        });
    }

    /** Of Deployments what is looked at: whose they are, replicas, what fails, and whether the autoscaler has the replicas. */
    public static LeanStore<Deployment> ofDeployments() {
        return new LeanStore<>(deployment -> {
            ObjectMeta metadata = deployment.getMetadata();
            metadata.setManagedFields(metadata.getManagedFields().stream()
                    .filter(entry -> Objects.equals(entry.getManager(), ScaleWriter.MANAGER))
                    .limit(1)
                    .map(entry -> autoscaler())
                    .toList());
            metadata.setOwnerReferences(List.of());
            metadata.setNamespace(shared(metadata.getNamespace()));
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

    private static void share(@Nullable FunctionStatus status) {
        if (status != null && status.conditions != null) {
            status.conditions.forEach(LeanStore::share);
        }
    }

    private static void share(Condition condition) {
        condition.setType(shared(condition.getType()));
        condition.setStatus(shared(condition.getStatus()));
        condition.setReason(shared(condition.getReason()));
        condition.setMessage(shared(condition.getMessage()));
        condition.setLastTransitionTime(shared(condition.getLastTransitionTime()));
    }

    private static @Nullable String shared(@Nullable String text) {
        return text == null ? null : text.intern();
    }

    private static void lighten(HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        metadata.setNamespace(shared(metadata.getNamespace()));
        if (metadata.getAnnotations() != null) {
            metadata.getAnnotations().remove(LAST_APPLIED);
        }
        metadata.setManagedFields(List.of());
    }

    @Override
    public @Nullable T put(String key, T object) {
        strip.accept(object);
        return super.put(key, object);
    }
}
