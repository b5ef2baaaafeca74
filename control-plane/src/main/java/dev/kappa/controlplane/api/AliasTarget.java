package dev.kappa.controlplane.api;

import dev.kappa.lambda.VersionKey;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an alias sends its events.
 *
 * @param version number of the version, or {@code $LATEST}
 * @param routing the additional version and its weight in percent, null for none
 */
record AliasTarget(String version, @Nullable JsonObject routing) {
    /** An alias with a rollout goes by what the operator wrote into its status, any other by its spec. */
    static AliasTarget of(Resource alias) {
        JsonObject spec = alias.spec();
        JsonObject status = alias.status();
        JsonObject applied = spec.containsKey("rollout") && status.containsKey("version") ? status : spec;
        Integer number = applied.getInteger("version");
        return new AliasTarget(
                number == null ? VersionKey.LATEST : String.valueOf(number), applied.getJsonObject("routing"));
    }

    /** All versions that an alias asks for, and those that a rollout sends events to. */
    static Set<Integer> numbers(Resource alias) {
        Set<Integer> numbers = new LinkedHashSet<>();
        add(numbers, alias.spec());
        if (alias.spec().containsKey("rollout")) {
            add(numbers, alias.status());
        }
        return numbers;
    }

    private static void add(Set<Integer> numbers, JsonObject part) {
        for (JsonObject target : List.of(part, part.getJsonObject("routing", new JsonObject()))) {
            if (target.containsKey("version")) {
                numbers.add(target.getInteger("version"));
            }
        }
    }

    /** {@code AdditionalVersionWeights}: a share between 0 and 1 by number; empty for none. */
    JsonObject weights() {
        return routing == null
                ? new JsonObject()
                : new JsonObject()
                        .put(
                                String.valueOf(routing.getInteger("version")),
                                BigDecimal.valueOf(routing.getDouble("weight"))
                                        .movePointLeft(2)
                                        .doubleValue());
    }
}
