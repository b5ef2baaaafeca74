package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.Limits;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls on FunctionEventInvokeConfig: {@code spec.async} of a function, version or alias. */
final class EventInvokeOperations implements Operations.Group {
    private static final List<String> FIELDS = List.of("maxRetryAttempts", "maxEventAge", "onSuccess", "onFailure");

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

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "PutFunctionEventInvokeConfig", this::put,
                "UpdateFunctionEventInvokeConfig", this::update,
                "GetFunctionEventInvokeConfig", this::get,
                "DeleteFunctionEventInvokeConfig", this::delete,
                "ListFunctionEventInvokeConfigs", this::list);
    }

    /** What the call does not give gets Lambda's default. */
    private JsonObject put(Request input) {
        JsonObject given = given(input.given());
        FunctionRef ref = input.function();
        if (given.isEmpty()) {
            throw new RefusedException(AwsError.invalidParameter(
                    "You must specify at least one of error handling or destination setting."));
        }
        JsonObject async = async(ref, given);
        FIELDS.stream().filter(field -> !async.containsKey(field)).forEach(async::putNull);
        return show(ref, edits.edit(() -> lookup.named(ref), resource -> new JsonObject().put("async", async)));
    }

    /** What the call does not give stays. */
    private JsonObject update(Request input) {
        JsonObject given = given(input.given());
        FunctionRef ref = input.function();
        JsonObject async = async(ref, given);
        return show(
                ref,
                edits.edit(
                        () -> configured(ref),
                        resource -> async.isEmpty() ? new JsonObject() : new JsonObject().put("async", async)));
    }

    private JsonObject get(Request input) {
        FunctionRef ref = input.function();
        return show(ref, configured(ref));
    }

    private JsonObject delete(Request input) {
        FunctionRef ref = input.function();
        edits.edit(() -> configured(ref), resource -> new JsonObject().putNull("async"));
        return new JsonObject();
    }

    private JsonObject list(Request input) {
        Page page = input.page();
        FunctionRef ref = input.unqualifiedFunction();
        List<Resource> configured = Stream.of(
                        Stream.of(lookup.function(ref)),
                        lookup.versions(ref).stream().filter(it -> !it.isDeleted()),
                        lookup.aliases(ref).stream())
                .flatMap(it -> it)
                .filter(it -> it.spec().containsKey("async"))
                .toList();
        return page.answer(
                "FunctionEventInvokeConfigs", configured, EventInvokeOperations::qualifier, it -> show(ref, it));
    }

    /** The parameters by the names of {@code spec.async}; destinations as ARNs, empty to take one away. */
    private static JsonObject given(Members input) {
        JsonObject given = new JsonObject();
        Integer retries = input.integer("MaximumRetryAttempts");
        if (retries != null) {
            given.put("maxRetryAttempts", retries);
        }
        Integer age = input.integer("MaximumEventAgeInSeconds");
        if (age != null) {
            given.put("maxEventAge", age + "s");
        }
        Members config = input.structure("DestinationConfig");
        if (config != null) {
            give(given, "onSuccess", config.structure("OnSuccess"));
            give(given, "onFailure", config.structure("OnFailure"));
        }
        return given;
    }

    private static void give(JsonObject given, String field, @Nullable Members target) {
        if (target != null) {
            given.put(field, Objects.requireNonNullElse(target.text("Destination"), ""));
        }
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
                    AwsError.notFound("The function " + arn(ref, resource) + " doesn't have an EventInvokeConfig"));
        }
        return resource;
    }

    private static String qualifier(Resource resource) {
        return resource.kind() == Kind.ALIAS ? Configurations.alias(resource) : Configurations.version(resource);
    }

    private String arn(FunctionRef ref, Resource resource) {
        return accounts.arn(Lookup.qualified(ref, qualifier(resource)));
    }

    private JsonObject show(FunctionRef ref, Resource resource) {
        JsonObject async = resource.spec().getJsonObject("async");
        return new JsonObject()
                .put("LastModified", resource.modified())
                .put("FunctionArn", arn(ref, resource))
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
