package dev.kappa.operator.sources;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.operator.workload.LeanStore;
import dev.kappa.operator.workload.ScaleWriter;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@code kappa-sources} at no replica while there is no event source, so that it costs nothing then. */
public final class SourceProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(SourceProcesses.class);
    private static final String NAME = "kappa-sources";
    private static final int CONFLICT = 409;

    private final String namespace;
    private final int replicas;
    private final ScaleWriter writer;
    private final SharedIndexInformer<EventSource> sources;
    private final SharedIndexInformer<Deployment> deployment;

    /**
     * Does not watch yet.
     *
     * @param client the API server
     * @param writer writes the scale
     * @param namespace where Kappa itself runs
     * @param replicas while there is an event source
     */
    public SourceProcesses(KubernetesClient client, ScaleWriter writer, String namespace, int replicas) {
        this.namespace = namespace;
        this.replicas = replicas;
        this.writer = writer;
        this.sources = informer(client.resources(EventSource.class).inAnyNamespace());
        this.deployment =
                informer(client.apps().deployments().inNamespace(namespace).withName(NAME));
    }

    private static <T extends HasMetadata> SharedIndexInformer<T> informer(Informable<T> objects) {
        SharedIndexInformer<T> informer = objects.withLimit(LeanStore.PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(LeanStore.withoutManagedFields());
        // The custom resource may be missing, since Helm does not upgrade those.
        informer.exceptionHandler((started, e) -> {
            LOG.warn("Event sources are not watched yet: {}", e.getMessage());
            return true;
        });
        return informer;
    }

    /** Begins to watch. */
    public void start() {
        var _ = sources.start();
        var _ = deployment.start();
    }

    /** Writes the scale if it is not as it should be; asks the API server nothing else. For who leads. */
    public void look() {
        List<Deployment> found = deployment.getStore().list();
        if (!sources.hasSynced() || found.isEmpty()) {
            return;
        }
        int wanted = sources.getStore().listKeys().isEmpty() ? 0 : replicas;
        Integer there = found.getFirst().getSpec().getReplicas();
        if (there != null && there == wanted) {
            return;
        }
        try {
            writer.write(namespace, NAME, wanted, found.getFirst().getMetadata().getResourceVersion());
            LOG.info("{} has {} replicas", NAME, wanted);
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                LOG.warn("{} does not get {} replicas, it is tried again: {}", NAME, wanted, e.getMessage());
            }
        }
    }
}
