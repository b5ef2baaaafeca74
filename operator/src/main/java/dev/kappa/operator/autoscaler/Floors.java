package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Instances that are kept whatever the demand is; each holder's wish counts until it lapses, the highest wins. */
final class Floors {
    /** A holder that is gone, a deleted alias for example, holds no longer than this. */
    static final Duration LEASE = Duration.ofMinutes(1);

    private record Floor(int instances, Instant until) {}

    private final Map<VersionKey, Map<String, Floor>> floors = new HashMap<>();

    void put(VersionKey id, String holder, int instances, Instant now) {
        if (instances > 0) {
            floors.computeIfAbsent(id, key -> new HashMap<>()).put(holder, new Floor(instances, now.plus(LEASE)));
        } else {
            drop(id, (name, floor) -> name.equals(holder));
        }
    }

    int of(VersionKey id, Instant now) {
        drop(id, (holder, floor) -> !floor.until().isAfter(now));
        return floors.getOrDefault(id, Map.of()).values().stream()
                .mapToInt(Floor::instances)
                .max()
                .orElse(0);
    }

    Set<VersionKey> ids() {
        return Set.copyOf(floors.keySet());
    }

    void remove(VersionKey id) {
        floors.remove(id);
    }

    private void drop(VersionKey id, BiPredicate<String, Floor> which) {
        floors.computeIfPresent(id, (key, held) -> {
            held.entrySet().removeIf(it -> which.test(it.getKey(), it.getValue()));
            return held.isEmpty() ? null : held;
        });
    }
}
