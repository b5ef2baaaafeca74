package dev.kappa.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps of its objects: not what nobody here reads, which is most of a Deployment and, with the names of all
 * fields that somebody ever set, much of everything else.
 *
 * @param <T> kind of the objects
 */
public final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
    /** So many objects are in memory at once while they are listed, whatever the number of all. */
    public static final long PAGE = 500;

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
        return new LeanStore<>(object -> object.getMetadata().setManagedFields(List.of()));
    }

    /** Leaves out the template of pods, and of who set which fields all but who. */
    public static LeanStore<Deployment> ofDeployments() {
        return new LeanStore<>(deployment -> {
            deployment.getSpec().setTemplate(null);
            deployment.getMetadata().getManagedFields().forEach(entry -> entry.setFieldsV1(null));
        });
    }

    @Override
    public @Nullable T put(String key, T object) {
        strip.accept(object);
        return super.put(key, object);
    }
}
