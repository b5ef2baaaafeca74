package dev.kappa.sources;

import dev.kappa.stores.keys.KeyStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Keys in memory; the answers of writes can get lost. */
public final class MemoryKeys implements KeyStore {
    private final Map<String, Value> values = new HashMap<>();
    private long revisions;

    /** How many answers of the next writes get lost, though the writes land. */
    public int lost;

    @Override
    public synchronized Optional<Value> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public synchronized OptionalLong write(String key, String text, long expected) throws IOException {
        Value there = values.get(key);
        if ((there == null ? 0 : there.revision()) != expected) {
            return OptionalLong.empty();
        }
        values.put(key, new Value(text, ++revisions));
        if (lost > 0) {
            lost--;
            throw new IOException("the answer got lost");
        }
        return OptionalLong.of(revisions);
    }

    @Override
    public synchronized void remove(String key) {
        values.remove(key);
    }

    @Override
    public synchronized Set<String> all() {
        return Set.copyOf(values.keySet());
    }
}
