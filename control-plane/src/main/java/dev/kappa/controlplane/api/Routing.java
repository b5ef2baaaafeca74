package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code RoutingConfig.AdditionalVersionWeights} of a call.
 *
 * @param version number of the additional version, null if the call takes it away
 * @param weight its share, 0 to 1
 */
record Routing(@Nullable String version, double weight) {
    /**
     * Reads it.
     *
     * @return null if the call leaves it as it is
     */
    static @Nullable Routing of(Members input) {
        Members config = input.structure("RoutingConfig");
        if (config == null) {
            return null;
        }
        Map<String, Double> weights = config.map("AdditionalVersionWeights", Double.class);
        if (weights == null || weights.isEmpty()) {
            return new Routing(null, 0);
        }
        if (weights.size() > 1) {
            throw new RefusedException(
                    AwsError.invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1"));
        }
        Map.Entry<String, Double> only = weights.entrySet().iterator().next();
        return new Routing(only.getKey(), only.getValue());
    }

    /** As an Alias has it, the weight in percent; null to remove it. */
    @Nullable
    JsonObject spec() {
        return version == null
                ? null
                : new JsonObject()
                        .put("version", Integer.parseInt(version))
                        .put(
                                "weight",
                                BigDecimal.valueOf(weight).movePointRight(2).doubleValue());
    }
}
