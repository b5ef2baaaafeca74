package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Instances that are kept whatever the demand is; each holder's wish counts until it lapses, the highest wins. */
final class Floors {
    /** A holder that is gone, a deleted alias for example, holds no longer than this. */
    static final Duration LEASE = Duration.ofMinutes(1);

    private record Key(VersionKey id, String holder) {}

    private record Floor(int instances, Instant until) {}

    private final Map<Key, Floor> floors = new HashMap<>();

    void put(VersionKey id, String holder, int instances, Instant now) {
        if (instances == 0) {
            floors.remove(new Key(id, holder));
        } else {
            floors.put(new Key(id, holder), new Floor(instances, now.plus(LEASE)));
        }
    }

    int of(VersionKey id, Instant now) {
        floors.values().removeIf(floor -> !floor.until().isAfter(now));
        return floors.entrySet().stream()
                .filter(floor -> floor.getKey().id().equals(id))
                .mapToInt(floor -> floor.getValue().instances())
                .max()
                .orElse(0);
    }

    void remove(VersionKey id) {
        floors.keySet().removeIf(key -> key.id().equals(id));
    }
}
