package dev.kappa.operator.workload;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.jspecify.annotations.Nullable;

/** Writes the scale of a Deployment, and owns that field. */
public final class ScaleWriter {
    static final String MANAGER = "kappa-autoscaler";

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    /**
     * Writes through a client.
     *
     * @param client the API server
     */
    public ScaleWriter(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Sets the number of replicas.
     *
     * @param namespace namespace of the Deployment
     * @param name its name
     * @param replicas the new number
     * @param resourceVersion the Deployment must still have it, so that the write of a deposed leader loses; null
     *     writes in any case
     * @return the Deployment's new resourceVersion
     * @throws io.fabric8.kubernetes.client.KubernetesClientException 409 if it changed, 404 if it is gone
     */
    public String write(String namespace, String name, int replicas, @Nullable String resourceVersion) {
        String expected = resourceVersion == null ? "" : ",\"resourceVersion\":\"" + resourceVersion + "\"";
        String scale = "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"namespace\":\""
                + namespace + "\",\"name\":\"" + name + "\"" + expected + "},\"spec\":{\"replicas\":" + replicas + "}}";
        Deployment answer = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .subresource("scale")
                .patch(APPLY, scale);
        return answer.getMetadata().getResourceVersion();
    }
}
