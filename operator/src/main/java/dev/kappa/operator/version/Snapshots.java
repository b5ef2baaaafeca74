package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/** Fills the snapshot of a version in; the API server refuses every later change of it. */
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

    /**
     * Freezes a function as it is now, and makes the version go with it.
     *
     * @param version has no snapshot yet
     * @param function what it names
     * @param codeSha256 digest of its package
     */
    void take(FunctionVersion version, Function function, String codeSha256) {
        var owner = new OwnerReferenceBuilder()
                .withApiVersion(function.getApiVersion())
                .withKind(function.getKind())
                .withName(function.getMetadata().getName())
                .withUid(function.getMetadata().getUid())
                .withBlockOwnerDeletion(false)
                .build();
        Map<String, Object> patch = Map.of(
                "metadata",
                Map.of(
                        "resourceVersion", version.getMetadata().getResourceVersion(),
                        "ownerReferences", List.of(owner)),
                "spec",
                Map.of("snapshot", Map.of("codeSha256", codeSha256, "function", function.getSpec())));
        client.resource(version).patch(MERGE, Serialization.asJson(patch));
    }
}
