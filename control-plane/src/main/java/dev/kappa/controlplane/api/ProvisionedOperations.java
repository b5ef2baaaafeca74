package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ProvisionedStatus;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The calls on ProvisionedConcurrencyConfig: {@code spec.provisionedConcurrency} of a version or alias. */
final class ProvisionedOperations implements Operations.Group {
    static final String FIELD = "provisionedConcurrency";

    private static final String REQUESTED = "ProvisionedConcurrentExecutions";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxx").withZone(ZoneOffset.UTC);

    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;

    ProvisionedOperations(Lookup lookup, Edits edits, Accounts accounts) {
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "PutProvisionedConcurrencyConfig", this::put,
                "GetProvisionedConcurrencyConfig", this::get,
                "DeleteProvisionedConcurrencyConfig", this::delete,
                "ListProvisionedConcurrencyConfigs", this::list);
    }

    private JsonObject put(Request input) {
        int wanted = Objects.requireNonNull(input.given().integer(REQUESTED));
        FunctionRef ref = input.function();
        if ("$LATEST".equals(ref.qualifier())) {
            throw unpublished();
        }
        Resource written = edits.edit(() -> find(ref), resource -> {
            check(ref, resource, wanted);
            return new JsonObject().put(FIELD, wanted);
        });
        return show(written);
    }

    private void check(FunctionRef ref, Resource resource, int wanted) {
        if (resource.kind() == Kind.ALIAS) {
            if (AliasTarget.numbers(resource).isEmpty()) {
                throw unpublished();
            }
            if (resource.spec().containsKey("routing")) {
                throw new RefusedException(
                        AwsError.invalidParameter("Alias with weights can not be used with Provisioned Concurrency"));
            }
        }
        List<Resource> others = configured(ref).stream()
                .filter(it -> !it.uid().equals(resource.uid()))
                .toList();
        Set<Integer> numbers = numbers(resource);
        for (Resource other : others) {
            if (numbers(other).stream().anyMatch(numbers::contains)) {
                throw new RefusedException(AwsError.conflict(
                        resource.kind() == Kind.ALIAS
                                ? "Alias can't be used for Provisioned Concurrency configuration on an already"
                                        + " Provisioned version"
                                : "Version is pointed by a Provisioned Concurrency alias"));
            }
        }
        Integer reserved = ConcurrencyOperations.reserved(lookup.function(ref));
        if (reserved != null && wanted + total(others) > reserved) {
            throw new RefusedException(
                    AwsError.invalidParameter("Requested Provisioned Concurrency should not be greater than the"
                            + " reservedConcurrentExecution for function"));
        }
    }

    private static RefusedException unpublished() {
        return new RefusedException(AwsError.invalidParameter(
                "Provisioned Concurrency Configs cannot be applied to unpublished function versions."));
    }

    private static Set<Integer> numbers(Resource resource) {
        return resource.kind() == Kind.ALIAS
                ? AliasTarget.numbers(resource)
                : Set.of(resource.spec().getInteger("number"));
    }

    /** What versions and aliases of a function ask for together. */
    static long total(List<Resource> configured) {
        return configured.stream()
                .mapToLong(it -> it.spec().getInteger(FIELD, 0))
                .sum();
    }

    private JsonObject get(Request input) {
        return show(require(input.function()));
    }

    private JsonObject delete(Request input) {
        FunctionRef ref = input.function();
        edits.edit(() -> require(ref), resource -> new JsonObject().putNull(FIELD));
        return new JsonObject();
    }

    private JsonObject list(Request input) {
        Page page = input.page();
        FunctionRef ref = input.unqualifiedFunction();
        lookup.function(ref);
        return page.answer("ProvisionedConcurrencyConfigs", configured(ref), Resource::name, resource -> {
            String qualifier =
                    resource.kind() == Kind.ALIAS ? Configurations.alias(resource) : Configurations.version(resource);
            return show(resource).put("FunctionArn", accounts.arn(Lookup.qualified(ref, qualifier)));
        });
    }

    /** Versions and aliases of a function that have provisioned concurrency. */
    private List<Resource> configured(FunctionRef ref) {
        return configured(lookup, ref);
    }

    static List<Resource> configured(Lookup lookup, FunctionRef ref) {
        return Stream.concat(lookup.versions(ref).stream(), lookup.aliases(ref).stream())
                .filter(it -> !it.isDeleted() && it.spec().containsKey(FIELD))
                .toList();
    }

    private Resource find(FunctionRef ref) {
        String qualifier = ref.qualifier();
        if (qualifier == null || qualifier.equals("$LATEST")) {
            throw new RefusedException(AwsError.invalidParameter(
                    "The function resource provided must be an alias or a published version."));
        }
        lookup.function(ref);
        return Lookup.isNumber(qualifier)
                ? lookup.version(ref, qualifier)
                : lookup.alias(ref, qualifier)
                        .orElseThrow(() ->
                                new RefusedException(AwsError.notFound("Cannot find alias arn: " + accounts.arn(ref))));
    }

    private Resource require(FunctionRef ref) {
        Resource resource = find(ref);
        if (!resource.spec().containsKey(FIELD)) {
            throw new RefusedException(AwsError.noProvisionedConcurrency());
        }
        return resource;
    }

    private static JsonObject show(Resource resource) {
        int requested = resource.spec().getInteger(FIELD);
        JsonObject status = resource.isObserved()
                ? resource.status().getJsonObject("provisioned", new JsonObject())
                : new JsonObject();
        int available = Math.min(requested, status.getInteger("available", 0));
        JsonObject shown = new JsonObject()
                .put("Requested" + REQUESTED, requested)
                .put("Available" + REQUESTED, available)
                .put("Allocated" + REQUESTED, Math.min(requested, status.getInteger("allocated", 0)))
                .put("LastModified", time(resource.modified()));
        if (ProvisionedStatus.FAILED.equals(status.getString("state"))) {
            return shown.put("Status", "FAILED").put("StatusReason", reason(status));
        }
        return shown.put("Status", available == requested ? "READY" : "IN_PROGRESS");
    }

    private static String reason(JsonObject status) {
        return "HandlerNotLoadable".equals(status.getString("reason"))
                ? "FUNCTION_ERROR_INIT_FAILURE"
                : status.getString("message", "");
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }
}
