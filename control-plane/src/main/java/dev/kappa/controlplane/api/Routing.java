package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.Violations;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code RoutingConfig.AdditionalVersionWeights} of a call.
 *
 * @param version number of the additional version, null if the call takes it away
 * @param weight its share, 0 to 1
 */
record Routing(@Nullable String version, double weight) {
    private static final String FIELD = "routingConfig.additionalVersionWeights";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final int NUMBER_LENGTH = 1024;

    /**
     * Reads it.
     *
     * @return null if the call leaves it as it is
     */
    static @Nullable Routing of(Input input) {
        JsonObject config = input.object("RoutingConfig");
        if (config == null) {
            return null;
        }
        if (!(config.getValue("AdditionalVersionWeights", new JsonObject()) instanceof JsonObject weights)) {
            throw new RefusedException(
                    AwsError.serialization("RoutingConfig.AdditionalVersionWeights must be an object."));
        }
        if (weights.size() > 1) {
            throw new RefusedException(
                    AwsError.invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1"));
        }
        return weights.isEmpty()
                ? new Routing(null, 0)
                : read(weights.fieldNames().iterator().next(), weights, input.violations());
    }

    private static Routing read(String version, JsonObject weights, Violations violations) {
        if (!(weights.getValue(version) instanceof Number number)) {
            throw new RefusedException(AwsError.serialization("The weight of version " + version
                    + " in RoutingConfig.AdditionalVersionWeights must be a number."));
        }
        double weight = number.doubleValue();
        String shown = "{" + version + "=" + weight + "}";
        if (version.length() > NUMBER_LENGTH || !NUMBER.matcher(version).matches()) {
            violations.add(
                    shown,
                    FIELD,
                    "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must"
                            + " have length greater than or equal to 1, Member must satisfy regular expression pattern:"
                            + " [0-9]+, Member must not be null]");
        }
        if (!(weight >= 0 && weight <= 1)) {
            violations.add(
                    shown,
                    FIELD,
                    "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must"
                            + " have value greater than or equal to 0.0, Member must not be null]");
        }
        return new Routing(version, weight);
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
