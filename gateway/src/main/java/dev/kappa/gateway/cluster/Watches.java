package dev.kappa.gateway.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Starts informers and tells which of them have not listed yet; they try for ever. */
final class Watches {
    /** So many Functions are in memory at once while they are listed, whatever the number of all. */
    private static final long PAGE = 200;

    private final Map<String, SharedIndexInformer<?>> informers = new ConcurrentHashMap<>();

    /**
     * Starts an informer whose objects are handed over when they come, change and go; it keeps none of them.
     *
     * @param name for messages
     * @param objects which
     * @param empty makes an object without content
     * @param present gets every object that came or changed
     * @param gone gets every object that went, perhaps with its namespace and name only
     */
    <T extends HasMetadata> void start(
            String name, Informable<T> objects, Supplier<T> empty, Consumer<T> present, Consumer<T> gone) {
        SharedIndexInformer<T> informer = objects.withLimit(PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(new ResourceVersions<>(empty))
                .addEventHandler(new ResourceEventHandler<T>() {
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
