package dev.kappa.operator.scaling;

import dev.kappa.operator.autoscaler.Change;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;

/** Tells the ReplicaSet controller which pods go first: those that were idle for longest. */
final class DeletionCosts {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final String FIRST = "-1000";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final Workloads workloads;

    DeletionCosts(KubernetesClient client, Workloads workloads) {
        this.client = client;
        this.workloads = workloads;
    }

    /** Marks the victims, and takes the mark from pods that an earlier, failed decision had chosen. */
    void mark(Change change) {
        if (change.to() == 0) {
            return;
        }
        for (Pod pod : workloads.pods(change.id())) {
            boolean goes = change.victims().contains(pod.getMetadata().getName());
            Map<String, String> annotations = pod.getMetadata().getAnnotations();
            boolean marked = annotations != null && Objects.equals(annotations.get(COST), FIRST);
            if (goes != marked) {
                write(pod, goes ? "\"" + FIRST + "\"" : "null");
            }
        }
    }

    private void write(Pod pod, String cost) {
        try {
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .patch(MERGE, "{\"metadata\":{\"annotations\":{\"" + COST + "\":" + cost + "}}}");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
