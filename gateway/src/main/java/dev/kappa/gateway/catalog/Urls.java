package dev.kappa.gateway.catalog;

import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.http.FunctionUrls;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The URLs of functions and aliases, by their names and by the ids of their hosts. */
public final class Urls {
    private final Map<FunctionRef, Url> byName = new ConcurrentHashMap<>();
    private final Map<String, Url> byId = new ConcurrentHashMap<>();

    Urls() {}

    /**
     * A URL.
     *
     * @param function what is called; its qualifier is an alias, null for the function itself
     * @param id of its host
     * @param settings how it is called
     */
    public record Url(FunctionRef function, String id, UrlSettings settings) {}

    /**
     * The URL of a function or alias.
     *
     * @param function by the names of resources
     * @return empty if it has none
     */
    public Optional<Url> find(FunctionRef function) {
        return Optional.ofNullable(byName.get(function));
    }

    /**
     * The URL of a host.
     *
     * @param id of the host
     * @return empty if there is none
     */
    public Optional<Url> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    void put(FunctionRef function, @Nullable UrlSettings settings) {
        if (settings == null) {
            remove(function);
            return;
        }
        Url known = byName.get(function);
        String id = known == null
                ? FunctionUrls.id(function.namespace(), function.function(), function.qualifier())
                : known.id();
        Url url = new Url(function, id, settings);
        byName.put(function, url);
        byId.put(id, url);
    }

    void remove(FunctionRef function) {
        Url gone = byName.remove(function);
        if (gone != null) {
            byId.remove(gone.id());
        }
    }
}
