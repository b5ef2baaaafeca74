package dev.kappa.operator.environment;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.EnvironmentVariable.KeyReference;
import dev.kappa.api.v1alpha1.EnvironmentVariable.ValueFrom;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.lambda.VersionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which versions name which objects. */
final class References {
    /**
     * A variable whose value an object holds.
     *
     * @param variable its name
     * @param source the object
     * @param key in the object
     */
    record Reference(String variable, Source source, String key) {}

    private final Map<VersionKey, Set<Source>> named = new HashMap<>();
    private final Map<Source, Set<VersionKey>> naming = new HashMap<>();

    static List<Reference> of(String namespace, FunctionSpec spec) {
        List<Reference> all = new ArrayList<>();
        for (EnvironmentVariable variable :
                spec.environment == null ? List.<EnvironmentVariable>of() : spec.environment) {
            ValueFrom from = variable.valueFrom;
            if (from != null) {
                Source.Kind kind = from.secretKeyRef != null ? Source.Kind.SECRET : Source.Kind.CONFIG_MAP;
                KeyReference reference = from.secretKeyRef != null ? from.secretKeyRef : from.configMapKeyRef;
                all.add(new Reference(variable.name, new Source(kind, namespace, reference.name), reference.key));
            }
        }
        return all;
    }

    synchronized void put(VersionKey id, List<Reference> references) {
        remove(id);
        if (!references.isEmpty()) {
            Set<Source> sources = references.stream().map(Reference::source).collect(Collectors.toSet());
            named.put(id, sources);
            sources.forEach(
                    it -> naming.computeIfAbsent(it, source -> new HashSet<>()).add(id));
        }
    }

    private void remove(VersionKey id) {
        Set<Source> sources = named.remove(id);
        if (sources != null) {
            for (Source source : sources) {
                Set<VersionKey> others = naming.get(source);
                if (others != null && others.remove(id) && others.isEmpty()) {
                    naming.remove(source);
                }
            }
        }
    }

    synchronized Set<VersionKey> naming(Source source) {
        return Set.copyOf(naming.getOrDefault(source, Set.of()));
    }

    synchronized boolean has(Source source) {
        return naming.containsKey(source);
    }

    /** Forgets versions that are gone. */
    synchronized void retain(Predicate<VersionKey> exists) {
        List.copyOf(named.keySet()).stream().filter(exists.negate()).forEach(this::remove);
    }
}
