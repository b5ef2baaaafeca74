package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a call gives of an event source mapping, as the spec of an EventSource has it. */
final class MappingInput {
    /** What mappings of streams and brokers have, and Kappa's do not. */
    static final Set<String> REFUSED = new LinkedHashSet<>(List.of(
            "MetricsConfig",
            "LoggingConfig",
            "ParallelizationFactor",
            "StartingPosition",
            "StartingPositionTimestamp",
            "DestinationConfig",
            "MaximumRecordAgeInSeconds",
            "BisectBatchOnFunctionError",
            "MaximumRetryAttempts",
            "Tags",
            "TumblingWindowInSeconds",
            "Topics",
            "Queues",
            "SourceAccessConfigurations",
            "SelfManagedEventSource",
            "AmazonManagedKafkaEventSourceConfig",
            "SelfManagedKafkaEventSourceConfig",
            "DocumentDBEventSourceConfig",
            "ProvisionedPollerConfig"));

    static final String INSTEAD = "event source mappings of Kappa are queues of SQS, which do not have it";

    private static final int UNGATHERED = 10;

    private MappingInput() {}

    /**
     * The fields of the spec to set; null takes one away.
     *
     * @param given what the call gives
     * @param spec as it is; empty for a new one
     * @throws RefusedException 400 for what Kappa does not have
     */
    static JsonObject read(Members given, JsonObject spec) {
        refuseOthers(given);
        JsonObject change = new JsonObject();
        put(change, "enabled", given.flag("Enabled"));
        JsonObject batch = batch(given, spec.getJsonObject("batch", new JsonObject()));
        if (!batch.isEmpty()) {
            change.put("batch", batch);
        }
        Members criteria = given.structure("FilterCriteria");
        if (criteria != null) {
            change.put("filters", filters(criteria));
        }
        List<String> types = given.list("FunctionResponseTypes", String.class);
        if (types != null) {
            change.put("reportBatchItemFailures", types.isEmpty() ? null : true);
        }
        Members scaling = given.structure("ScalingConfig");
        if (scaling != null) {
            change.put("maxConcurrency", scaling.integer("MaximumConcurrency"));
        }
        return change;
    }

    private static void refuseOthers(Members given) {
        for (String name : REFUSED) {
            Object value = given.values().get(name);
            if (value != null && saysSomething(value)) {
                throw new RefusedException(
                        AwsError.invalidParameter(name + " is not supported by Kappa: " + INSTEAD + ". Leave it out."));
            }
        }
    }

    private static boolean saysSomething(Object value) {
        return switch (value) {
            case Members members -> members.values().values().stream().anyMatch(MappingInput::saysSomething);
            case Collection<?> collection -> !collection.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Boolean flag -> flag;
            default -> true;
        };
    }

    private static JsonObject batch(Members given, JsonObject before) {
        JsonObject batch = new JsonObject();
        Integer size = given.integer("BatchSize");
        Integer window = given.integer("MaximumBatchingWindowInSeconds");
        put(batch, "size", size);
        if (window != null) {
            batch.put("window", window == 0 ? null : window + "s");
        }
        boolean waits = window == null ? before.getString("window") != null : window > 0;
        int resulting = size == null ? before.getInteger("size", UNGATHERED) : size;
        if (!batch.isEmpty() && resulting > UNGATHERED && !waits) {
            throw new RefusedException(
                    AwsError.invalidParameter("Maximum batch window in seconds must be greater than 0"
                            + " if maximum batch size is greater than 10"));
        }
        return batch;
    }

    private static @Nullable JsonArray filters(Members criteria) {
        List<Members> given = criteria.list("Filters", Members.class);
        if (given == null || given.isEmpty()) {
            return null;
        }
        JsonArray filters = new JsonArray();
        for (Members filter : given) {
            String pattern = filter.text("Pattern");
            if (pattern == null || !isObject(pattern)) {
                throw new RefusedException(AwsError.invalidParameter("Invalid filter pattern definition."));
            }
            filters.add(new JsonObject().put("pattern", pattern));
        }
        return filters;
    }

    private static boolean isObject(String json) {
        try {
            return !new JsonObject(json).isEmpty();
        } catch (DecodeException e) {
            return false;
        }
    }

    private static void put(JsonObject change, String field, @Nullable Object value) {
        if (value != null) {
            change.put(field, value);
        }
    }
}
