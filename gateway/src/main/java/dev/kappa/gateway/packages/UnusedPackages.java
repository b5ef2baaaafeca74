package dev.kappa.gateway.packages;

import dev.kappa.stores.packages.StoredPackage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says which packages are to go: those that no Function and no Version named at any look for the whole grace period, and that
 * nobody stored within it.
 */
final class UnusedPackages {
    private final Duration grace;
    private final Map<String, Instant> unnamedSince = new HashMap<>();

    UnusedPackages(Duration grace) {
        this.grace = grace;
    }

    /**
     * A look.
     *
     * @param stored all packages, listed before the names, so that one that is stored and named meanwhile is not seen
     * @param named names of the packages that a Function or Version names
     * @param now the time
     * @return those to delete
     */
    List<StoredPackage> look(List<StoredPackage> stored, Set<String> named, Instant now) {
        Set<String> unnamed = stored.stream()
                .map(StoredPackage::name)
                .filter(name -> !named.contains(name))
                .collect(Collectors.toSet());
        unnamedSince.keySet().retainAll(unnamed);
        unnamed.forEach(name -> unnamedSince.putIfAbsent(name, now));
        Instant before = now.minus(grace);
        return stored.stream()
                .filter(it -> unnamed.contains(it.name()))
                .filter(it -> !it.storedAt().isAfter(before))
                .filter(it -> !unnamedSince.getOrDefault(it.name(), now).isAfter(before))
                .toList();
    }
}
