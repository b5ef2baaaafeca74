package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Shows event sources as botocore's shape {@code EventSourceMappingConfiguration} has them. */
final class MappingView {
    private static final int DEFAULT_SIZE = 10;

    private final Lookup lookup;
    private final Accounts accounts;

    MappingView(Lookup lookup, Accounts accounts) {
        this.lookup = lookup;
        this.accounts = accounts;
    }

    /** Whether an event source is a mapping for callers of Lambda's API, as schedules are not. */
    static boolean isMapping(Resource source) {
        return source.spec().containsKey("sqs") && !source.isDeleted();
    }

    /** ARN of the queue; of one that is named by its address the account is the namespace's, unless the address has one. */
    String queue(Resource source) {
        String queue = source.spec().getJsonObject("sqs", new JsonObject()).getString("queue", "");
        return queue.startsWith("arn:")
                ? queue
                : accounts.queueArn(source.namespace(), queue.substring(queue.lastIndexOf('/') + 1));
    }

    /** Name of the Secret with its access key, empty for none. */
    static String secret(Resource source) {
        return source.spec()
                .getJsonObject("sqs", new JsonObject())
                .getJsonObject("credentials", new JsonObject())
                .getJsonObject("secretRef", new JsonObject())
                .getString("name", "");
    }

    /** The function with the qualifier, as its resource is named. */
    static FunctionRef function(Resource source) {
        String named = source.spec().getString("function", "");
        return new FunctionRef(
                source.namespace(),
                ResourceNames.function(named),
                ResourceNames.qualifier(named).orElse(null));
    }

    /**
     * An event source.
     *
     * @param state in Lambda's words
     */
    JsonObject of(Resource source, String state) {
        JsonObject spec = source.spec();
        JsonObject batch = spec.getJsonObject("batch", new JsonObject());
        String uuid = MappingId.of(source, accounts);
        String window = batch.getString("window");
        JsonObject shown = new JsonObject()
                .put("UUID", uuid)
                .put("EventSourceMappingArn", accounts.mappingArn(source.namespace(), uuid))
                .put("EventSourceArn", queue(source))
                .put("FunctionArn", accounts.arn(written(function(source))))
                .put("BatchSize", batch.getInteger("size", DEFAULT_SIZE))
                .put(
                        "MaximumBatchingWindowInSeconds",
                        window == null ? 0 : Durations.parse(window).toSeconds())
                .put("FunctionResponseTypes", responseTypes(spec))
                .put("LastModified", source.modified())
                .put("State", state)
                .put("StateTransitionReason", "USER_INITIATED");
        JsonArray filters = spec.getJsonArray("filters", new JsonArray());
        if (!filters.isEmpty()) {
            shown.put("FilterCriteria", new JsonObject().put("Filters", patterns(filters)));
        }
        if (spec.getInteger("maxConcurrency") != null) {
            shown.put("ScalingConfig", new JsonObject().put("MaximumConcurrency", spec.getInteger("maxConcurrency")));
        }
        String result = source.status().getString("lastResult");
        return result == null ? shown : shown.put("LastProcessingResult", result);
    }

    /** How far kappa-sources is with what the spec says. */
    static String state(Resource source) {
        boolean enabled = source.spec().getBoolean("enabled", true);
        String state = source.status().getString("state", "");
        if (state.isEmpty()) {
            return "Creating";
        }
        if (source.isObserved()) {
            return state;
        }
        return state.equals("Enabled") == enabled ? "Updating" : enabled ? "Enabling" : "Disabling";
    }

    private FunctionRef written(FunctionRef label) {
        String function = lookup.find(label).map(Configurations::name).orElse(label.function());
        String qualifier = label.qualifier();
        if (qualifier != null && !Lookup.isNumber(qualifier)) {
            qualifier =
                    lookup.alias(label, qualifier).map(Configurations::alias).orElse(qualifier);
        }
        return new FunctionRef(label.namespace(), function, qualifier);
    }

    private static JsonArray responseTypes(JsonObject spec) {
        JsonArray types = new JsonArray();
        return spec.getBoolean("reportBatchItemFailures", false) ? types.add("ReportBatchItemFailures") : types;
    }

    private static JsonArray patterns(JsonArray filters) {
        JsonArray shown = new JsonArray();
        filters.forEach(it -> shown.add(new JsonObject().put("Pattern", ((JsonObject) it).getString("pattern"))));
        return shown;
    }
}
