package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** ResourceStore for tests, with the API server's rules of names and resource versions. */
public final class MemoryResourceStore implements ResourceStore {
    private final Map<String, Resource> stored = new LinkedHashMap<>();
    private long writes;

    /** Those that there are. */
    final Set<String> namespaces = ConcurrentHashMap.newKeySet();

    /** Runs before each write, in the place of others who write at the same moment. */
    volatile Consumer<String> beforeWrite = name -> {};

    public MemoryResourceStore() {
        namespaces.add("default");
    }

    private static String key(Kind kind, String namespace, String name) {
        return kind + "/" + namespace + "/" + name;
    }

    /** What kubectl and the operator write. */
    public Resource put(Kind kind, String name, JsonObject spec, JsonObject status) {
        return put(kind, "default", name, spec, status);
    }

    private synchronized Resource put(Kind kind, String namespace, String name, JsonObject spec, JsonObject status) {
        Resource old = stored.get(key(kind, namespace, name));
        long generation = old == null ? 1 : old.spec().equals(spec) ? old.generation() : old.generation() + 1;
        return store(new Resource(
                kind,
                namespace,
                name,
                old == null ? UUID.randomUUID().toString() : old.uid(),
                generation,
                String.valueOf(++writes),
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:04:05Z"),
                false,
                spec.copy(),
                status.copy()));
    }

    private Resource store(Resource resource) {
        stored.put(key(resource.kind(), resource.namespace(), resource.name()), resource);
        return resource;
    }

    @Override
    public synchronized Optional<Resource> get(Kind kind, String namespace, String name) {
        return Optional.ofNullable(stored.get(key(kind, namespace, name)));
    }

    @Override
    public synchronized List<Resource> list(Kind kind, String namespace) {
        return stored.values().stream()
                .filter(it -> it.kind() == kind && it.namespace().equals(namespace))
                .toList();
    }

    @Override
    public List<Resource> listOf(Kind kind, String namespace, String function) {
        return list(kind, namespace).stream()
                .filter(it -> function.equals(it.spec().getString("function")))
                .toList();
    }

    @Override
    public Resource create(Kind kind, String namespace, String name, JsonObject spec) {
        beforeWrite.accept(name);
        synchronized (this) {
            if (!namespaces.contains(namespace)) {
                throw new ResourceException(404, "namespaces \"" + namespace + "\" not found", null);
            }
            if (get(kind, namespace, name).isPresent()) {
                throw new ResourceException(409, name + " already exists", null);
            }
            return put(kind, namespace, name, spec, new JsonObject());
        }
    }

    @Override
    public Resource create(Kind kind, Resource owner, String name, JsonObject spec) {
        beforeWrite.accept(name);
        synchronized (this) {
            if (get(kind, owner.namespace(), name).isPresent()) {
                throw new ResourceException(409, name + " already exists", null);
            }
            return put(kind, owner.namespace(), name, spec, new JsonObject());
        }
    }

    @Override
    public Resource patch(Resource read, JsonObject spec) {
        beforeWrite.accept(read.name());
        synchronized (this) {
            Resource now = get(read.kind(), read.namespace(), read.name())
                    .orElseThrow(() -> new ResourceException(404, read.name() + " not found", null));
            if (!now.resourceVersion().equals(read.resourceVersion())) {
                throw new ResourceException(409, "the object has been modified", null);
            }
            JsonObject merged = merge(now.spec().copy(), spec);
            return put(read.kind(), read.namespace(), read.name(), merged, now.status());
        }
    }

    /** RFC 7396. */
    private static JsonObject merge(JsonObject target, JsonObject patch) {
        for (String field : patch.fieldNames()) {
            switch (patch.getValue(field)) {
                case null -> target.remove(field);
                case JsonObject inner -> target.put(field, merge(target.getJsonObject(field, new JsonObject()), inner));
                case Object value -> target.put(field, value);
            }
        }
        return target;
    }

    @Override
    public void delete(Resource read) {
        beforeWrite.accept(read.name());
        synchronized (this) {
            stored.remove(key(read.kind(), read.namespace(), read.name()));
        }
    }
}
