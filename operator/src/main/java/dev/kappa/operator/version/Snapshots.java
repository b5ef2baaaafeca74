package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Finalizers;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.api.v1alpha1.VersionSpec;
import dev.kappa.api.v1alpha1.VersionSpec.Snapshot;
import dev.kappa.operator.code.Packages;
import dev.kappa.operator.workload.ConfigDigest;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Freezes functions into versions; the API server refuses every later change of a snapshot. */
public final class Snapshots {
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("kappa-operator")
            .build();

    private final KubernetesClient client;

    /**
     * Writes through a client.
     *
     * @param client the API server
     */
    public Snapshots(KubernetesClient client) {
        this.client = client;
    }

    /** The whole function as the API server has it at this moment; null if it is gone. */
    @Nullable
    Function function(Function known) {
        return client.resources(Function.class)
                .inNamespace(known.getMetadata().getNamespace())
                .withName(known.getMetadata().getName())
                .get();
    }

    /**
     * Freezes a function as it is now, and makes the version go with it.
     *
     * @param version has no snapshot yet
     * @param function what it names
     * @param packages its code and layers
     */
    void take(FunctionVersion version, Function function, Packages packages) {
        Map<String, Object> patch = Map.of(
                "metadata",
                Map.of(
                        "resourceVersion", version.getMetadata().getResourceVersion(),
                        "ownerReferences", List.of(owner(function))),
                "spec",
                Map.of("snapshot", of(function, packages)));
        client.resource(version).patch(MERGE, Serialization.asJson(patch));
    }

    /**
     * Creates a version with its snapshot.
     *
     * @param function what it freezes
     * @param packages its code and layers
     * @param number of the version
     * @throws io.fabric8.kubernetes.client.KubernetesClientException 409 if somebody else took the number
     */
    void create(Function function, Packages packages, int number) {
        FunctionVersion version = new FunctionVersion();
        version.getMetadata().setNamespace(function.getMetadata().getNamespace());
        version.getMetadata()
                .setName(ResourceNames.version(function.getMetadata().getName(), number));
        version.getMetadata().setFinalizers(List.of(Finalizers.VERSION));
        version.getMetadata().setOwnerReferences(List.of(owner(function)));
        VersionSpec spec = new VersionSpec();
        spec.function = function.getMetadata().getName();
        spec.number = number;
        spec.snapshot = of(function, packages);
        version.setSpec(spec);
        version.setStatus(null);
        client.resource(version).create();
    }

    private static Snapshot of(Function function, Packages packages) {
        Snapshot snapshot = new Snapshot();
        packages.freeze(snapshot);
        snapshot.configSha256 = ConfigDigest.of(function.getSpec(), packages);
        snapshot.function = function.getSpec();
        return snapshot;
    }

    private static OwnerReference owner(Function function) {
        return new OwnerReferenceBuilder()
                .withApiVersion(function.getApiVersion())
                .withKind(function.getKind())
                .withName(function.getMetadata().getName())
                .withUid(function.getMetadata().getUid())
                .withBlockOwnerDeletion(false)
                .build();
    }
}
