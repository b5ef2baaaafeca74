package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.Limits;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls on FunctionEventInvokeConfig: {@code spec.async} of a function, version or alias. */
final class EventInvokeOperations {
    /** Items of one answer. */
    private static final int LARGEST = 50;

    private static final Pattern DESTINATION = Pattern.compile(
            "$|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)");
    private static final List<String> FIELDS = List.of("maxRetryAttempts", "maxEventAge", "onSuccess", "onFailure");
    private static final double MILLIS = 1000;

    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;
    private final DestinationArns destinations;

    EventInvokeOperations(Lookup lookup, Edits edits, Accounts accounts, DestinationArns destinations) {
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
        this.destinations = destinations;
    }

    /** What the call does not give gets Lambda's default. */
    JsonObject put(Input input) {
        JsonObject given = given(input);
        FunctionRef ref = input.function();
        if (given.isEmpty()) {
            throw new RefusedException(AwsError.invalidParameter(
                    "You must specify at least one of error handling or destination setting."));
        }
        JsonObject async = async(ref, given);
        FIELDS.stream().filter(field -> !async.containsKey(field)).forEach(async::putNull);
        return show(edits.edit(() -> lookup.named(ref), resource -> new JsonObject().put("async", async)));
    }

    /** What the call does not give stays. */
    JsonObject update(Input input) {
        JsonObject given = given(input);
        FunctionRef ref = input.function();
        JsonObject async = async(ref, given);
        return show(edits.edit(
                () -> configured(ref),
                resource -> async.isEmpty() ? new JsonObject() : new JsonObject().put("async", async)));
    }

    JsonObject get(Input input) {
        return show(configured(input.function()));
    }

    void delete(Input input) {
        FunctionRef ref = input.function();
        edits.edit(() -> configured(ref), resource -> new JsonObject().putNull("async"));
    }

    JsonObject list(Input input) {
        Page page = input.page(LARGEST);
        FunctionRef ref = input.unqualifiedFunction();
        List<Resource> configured = Stream.of(
                        Stream.of(lookup.function(ref)),
                        lookup.versions(ref).stream().filter(it -> !it.isDeleted()),
                        lookup.aliases(ref).stream())
                .flatMap(it -> it)
                .filter(it -> it.spec().containsKey("async"))
                .toList();
        return page.answer("FunctionEventInvokeConfigs", configured, EventInvokeOperations::qualifier, this::show);
    }

    /** The parameters by the names of {@code spec.async}; destinations as ARNs, empty to take one away. */
    private static JsonObject given(Input input) {
        JsonObject given = new JsonObject();
        Integer retries = input.integer("MaximumRetryAttempts", 0, Limits.RETRY_ATTEMPTS);
        if (retries != null) {
            given.put("maxRetryAttempts", retries);
        }
        Integer age = input.integer("MaximumEventAgeInSeconds", 60, 21_600);
        if (age != null) {
            given.put("maxEventAge", age + "s");
        }
        JsonObject config = input.object("DestinationConfig");
        if (config != null) {
            give(given, "onSuccess", destination(input, config, "OnSuccess"));
            give(given, "onFailure", destination(input, config, "OnFailure"));
        }
        return given;
    }

    private static void give(JsonObject given, String field, @Nullable String arn) {
        if (arn != null) {
            given.put(field, arn);
        }
    }

    private static @Nullable String destination(Input input, JsonObject config, String condition) {
        if (!(config.getValue(condition, new JsonObject()) instanceof JsonObject target)
                || !(target.getValue("Destination", "") instanceof String arn)) {
            throw new RefusedException(AwsError.serialization(
                    "DestinationConfig." + condition + " must be an object with a string Destination."));
        }
        String field =
                "destinationConfig." + (condition.equals("OnSuccess") ? "onSuccess" : "onFailure") + ".destination";
        input.violations().length(arn, field, 0, 350);
        input.violations().pattern(arn, field, DESTINATION);
        return config.containsKey(condition) ? arn : null;
    }

    private JsonObject async(FunctionRef ref, JsonObject given) {
        JsonObject async = given.copy();
        for (String field : List.of("onSuccess", "onFailure")) {
            String arn = given.getString(field);
            if (arn != null) {
                async.put(field, arn.isEmpty() ? null : destinations.read(ref, arn));
            }
        }
        return async;
    }

    private Resource configured(FunctionRef ref) {
        Resource resource = lookup.named(ref);
        if (!resource.spec().containsKey("async")) {
            throw new RefusedException(
                    AwsError.notFound("The function " + arn(resource) + " doesn't have an EventInvokeConfig"));
        }
        return resource;
    }

    private static String qualifier(Resource resource) {
        return resource.kind() == Kind.ALIAS
                ? ResourceNames.qualifier(resource.name()).orElseThrow()
                : Configurations.version(resource);
    }

    private String arn(Resource resource) {
        return accounts.arn(
                new FunctionRef(resource.namespace(), Configurations.function(resource), qualifier(resource)));
    }

    private JsonObject show(Resource resource) {
        JsonObject async = resource.spec().getJsonObject("async");
        return new JsonObject()
                .put("LastModified", resource.modified().toEpochMilli() / MILLIS)
                .put("FunctionArn", arn(resource))
                .put("MaximumRetryAttempts", async.getInteger("maxRetryAttempts", Limits.RETRY_ATTEMPTS))
                .put(
                        "MaximumEventAgeInSeconds",
                        Durations.parse(async.getString("maxEventAge", "6h")).toSeconds())
                .put(
                        "DestinationConfig",
                        new JsonObject()
                                .put("OnSuccess", shown(resource, async, "onSuccess"))
                                .put("OnFailure", shown(resource, async, "onFailure")));
    }

    private JsonObject shown(Resource resource, JsonObject async, String field) {
        String arn = destinations.of(resource.namespace(), async.getJsonObject(field));
        return arn == null ? new JsonObject() : new JsonObject().put("Destination", arn);
    }
}
