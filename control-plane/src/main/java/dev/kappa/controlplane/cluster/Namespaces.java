package dev.kappa.controlplane.cluster;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.function.Consumer;

/** Watches which namespaces there are, so that the accounts of ARNs can be resolved. */
public final class Namespaces {
    private final SharedIndexInformer<Namespace> informer;
    private final Consumer<String> known;

    /**
     * Does not watch yet.
     *
     * @param client the API server
     * @param known is told of each namespace
     */
    public Namespaces(KubernetesClient client, Consumer<String> known) {
        this.informer = client.namespaces().runnableInformer(0);
        this.known = known;
    }

    /** Begins to watch; tries for ever. */
    public void start() {
        informer.addEventHandler(new ResourceEventHandler<Namespace>() {
            @Override
            public void onAdd(Namespace added) {
                known.accept(added.getMetadata().getName());
            }

            @Override
            public void onUpdate(Namespace before, Namespace after) {}

            @Override
            public void onDelete(Namespace deleted, boolean finalStateUnknown) {}
        });
        informer.exceptionHandler((started, e) -> true);
        var _ = informer.start();
    }

    /**
     * What is still awaited.
     *
     * @return empty once all namespaces were listed
     */
    public List<String> missing() {
        return informer.hasSynced() ? List.of() : List.of("informer of namespaces has not listed yet");
    }
}
