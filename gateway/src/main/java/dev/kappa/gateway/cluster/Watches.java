package dev.kappa.gateway.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Starts informers and tells which of them have not listed yet; they try for ever. */
final class Watches {
    private final Map<String, SharedIndexInformer<?>> informers = new ConcurrentHashMap<>();

    static SharedIndexInformer<GenericKubernetesResource> kappa(KubernetesClient client, String kind, String plural) {
        return client.genericKubernetesResources(context(kind, plural))
                .inAnyNamespace()
                .runnableInformer(0);
    }

    /** How the API server names a kind of Kappa's. */
    static ResourceDefinitionContext context(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("kappa.dev")
                .withVersion("v1alpha1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** Starts an informer whose objects are handed over when they come, change and go. */
    <T> void start(String name, SharedIndexInformer<T> informer, Consumer<T> present, Consumer<T> gone) {
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T added) {
                present.accept(added);
            }

            @Override
            public void onUpdate(T before, T after) {
                present.accept(after);
            }

            @Override
            public void onDelete(T deleted, boolean finalStateUnknown) {
                gone.accept(deleted);
            }
        });
        informer.exceptionHandler((started, e) -> true);
        informers.put(name, informer);
        informer.start();
    }

    List<String> notSynced() {
        return informers.entrySet().stream()
                .filter(entry -> !entry.getValue().hasSynced())
                .map(entry -> "informer of " + entry.getKey() + " has not listed yet")
                .sorted()
                .toList();
    }
}
