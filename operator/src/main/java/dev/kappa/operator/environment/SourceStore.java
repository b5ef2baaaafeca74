package dev.kappa.operator.environment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the watch of a kind of objects keeps: name and resourceVersion of those that versions name, whatever else the cluster has.
 *
 * @param <T> kind of the objects
 */
final class SourceStore<T extends HasMetadata> extends BasicItemStore<T> {
    private final Predicate<T> isNamed;

    SourceStore(Predicate<T> isNamed) {
        super(Cache::metaNamespaceKeyFunc);
        this.isNamed = isNamed;
    }

    @Override
    public @Nullable T put(String key, T object) {
        if (!isNamed.test(object)) {
            return super.remove(key);
        }
        ObjectMeta metadata = object.getMetadata();
        ObjectMeta kept = new ObjectMeta();
        kept.setNamespace(metadata.getNamespace());
        kept.setName(metadata.getName());
        kept.setResourceVersion(metadata.getResourceVersion());
        object.setMetadata(kept);
        return super.put(key, object);
    }
}
