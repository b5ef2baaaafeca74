package dev.kappa.identity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The access keys of the cluster. An id that several namespaces have belongs to whoever's secret made the signature, so that
 * nobody can take another's over or lock it out; in one namespace the oldest counts.
 */
public final class AccessKeys {
    private record Place(String namespace, String name) {}

    /**
     * @param since when the Secret was made, as the API server writes it
     */
    private record Kept(Place place, String since, AccessKey key) {}

    private static final Comparator<Kept> OLDEST =
            Comparator.comparing(Kept::since).thenComparing(it -> it.place().name());

    private final Map<Place, Kept> kept = new HashMap<>();
    private final Map<String, List<Kept>> byId = new HashMap<>();
    private final Map<String, List<AccessKey>> found = new ConcurrentHashMap<>();

    /**
     * Takes a key that came or changed.
     *
     * @param namespace of the Secret
     * @param name of the Secret
     * @param since when it was made
     * @param key what it holds
     */
    public synchronized void put(String namespace, String name, String since, AccessKey key) {
        remove(namespace, name);
        Place place = new Place(namespace, name);
        Kept added = new Kept(place, since, key);
        kept.put(place, added);
        List<Kept> same = new ArrayList<>(byId.getOrDefault(key.id(), List.of()));
        same.add(added);
        choose(key.id(), same);
    }

    /**
     * Forgets a key.
     *
     * @param namespace of the Secret
     * @param name of the Secret
     */
    public synchronized void remove(String namespace, String name) {
        Kept before = kept.remove(new Place(namespace, name));
        if (before != null) {
            String id = before.key().id();
            List<Kept> same = new ArrayList<>(byId.getOrDefault(id, List.of()));
            same.remove(before);
            choose(id, same);
        }
    }

    /**
     * The keys of an id.
     *
     * @param id as a caller names it
     * @return one of each namespace that has some
     */
    List<AccessKey> find(String id) {
        return found.getOrDefault(id, List.of());
    }

    private void choose(String id, List<Kept> same) {
        if (same.isEmpty()) {
            byId.remove(id);
            found.remove(id);
            return;
        }
        Map<String, Kept> oldest = new TreeMap<>();
        for (Kept one : same) {
            oldest.merge(one.place().namespace(), one, (a, b) -> OLDEST.compare(a, b) <= 0 ? a : b);
        }
        byId.put(id, same);
        found.put(id, oldest.values().stream().map(Kept::key).toList());
    }
}
