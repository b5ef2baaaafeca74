package dev.kappa.gateway.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer remembers of its objects, so that it tells what changed: their names and resource versions. Whoever
 * listens has kept what it uses of them, since a Function may hold a megabyte of source text. An object that went
 * unnoticed is told of by its namespace and name only.
 *
 * @param <T> kind of the objects
 */
final class ResourceVersions<T extends HasMetadata> implements ItemStore<T> {
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final Supplier<T> empty;

    /** A store that is empty; {@code empty} makes an object without content. */
    ResourceVersions(Supplier<T> empty) {
        this.empty = empty;
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable T put(String key, T object) {
        return named(key, versions.put(key, object.getMetadata().getResourceVersion()));
    }

    @Override
    public @Nullable T remove(String key) {
        return named(key, versions.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return versions.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return versions.entrySet().stream().map(entry -> filled(entry.getKey(), entry.getValue()));
    }

    @Override
    public @Nullable T get(String key) {
        return named(key, versions.get(key));
    }

    @Override
    public int size() {
        return versions.size();
    }

    /** The informer must not take an object from here to tell that it came. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private @Nullable T named(String key, @Nullable String version) {
        return version == null ? null : filled(key, version);
    }

    private T filled(String key, String version) {
        int slash = key.indexOf('/');
        T object = empty.get();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(slash < 0 ? null : key.substring(0, slash))
                .withName(key.substring(slash + 1))
                .withResourceVersion(version)
                .build());
        return object;
    }
}
