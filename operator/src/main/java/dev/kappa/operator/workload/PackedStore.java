package dev.kappa.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer keeps of objects that are many and seldom looked at: each is some hundred bytes, and a new object whenever it is
 * asked for.
 *
 * @param <T> kind of the objects
 */
final class PackedStore<T extends HasMetadata> implements ItemStore<T> {
    private static final class Packed {
        /** Indexes of the informer keep it too: the same one. */
        final String key;

        final byte[] json;

        Packed(String key, byte[] json) {
            this.key = key;
            this.json = json;
        }
    }

    private final ConcurrentMap<String, Packed> objects = new ConcurrentHashMap<>();
    private final Packing packing = new Packing();
    private final Class<T> type;
    private final KubernetesSerialization serialization;

    PackedStore(Class<T> type, KubernetesSerialization serialization) {
        this.type = type;
        this.serialization = serialization;
    }

    @Override
    public String getKey(T object) {
        String key = Cache.metaNamespaceKeyFunc(object);
        Packed known = objects.get(key);
        return known == null ? key : known.key;
    }

    @Override
    public @Nullable T put(String key, T object) {
        byte[] json = serialization.asJson(object).getBytes(StandardCharsets.UTF_8);
        return unpack(objects.put(key, new Packed(key, packing.pack(json))));
    }

    @Override
    public @Nullable T remove(String key) {
        return unpack(objects.remove(key));
    }

    @Override
    public @Nullable T get(String key) {
        return unpack(objects.get(key));
    }

    @Override
    public Stream<String> keySet() {
        return objects.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return objects.values().stream().map(this::unpack).map(Objects::requireNonNull);
    }

    @Override
    public int size() {
        return objects.size();
    }

    private @Nullable T unpack(@Nullable Packed packed) {
        return packed == null
                ? null
                : serialization.unmarshal(new String(packing.unpack(packed.json), StandardCharsets.UTF_8), type);
    }
}
