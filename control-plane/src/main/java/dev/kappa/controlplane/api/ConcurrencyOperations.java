package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** PutFunctionConcurrency, GetFunctionConcurrency and DeleteFunctionConcurrency: {@code spec.concurrency.reserved}. */
final class ConcurrencyOperations implements Operations.Group {
    private static final String RESERVED = "ReservedConcurrentExecutions";

    private final Lookup lookup;
    private final Edits edits;

    ConcurrencyOperations(Lookup lookup, Edits edits) {
        this.lookup = lookup;
        this.edits = edits;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "PutFunctionConcurrency", this::put,
                "GetFunctionConcurrency", this::get,
                "DeleteFunctionConcurrency", this::delete);
    }

    private JsonObject put(Request input) {
        int reserved = Objects.requireNonNull(input.given().integer(RESERVED));
        FunctionRef ref = function(input);
        found(ref);
        long provisioned = ProvisionedOperations.total(ProvisionedOperations.configured(lookup, ref));
        if (reserved < provisioned) {
            throw new RefusedException(AwsError.invalidParameter(
                    "Requested ReservedConcurrentExecutions should not be lower than function's total provisioned"
                            + " concurrency [" + provisioned + "]."));
        }
        return shown(set(input, reserved));
    }

    private JsonObject delete(Request input) {
        set(input, null);
        return new JsonObject();
    }

    private Resource set(Request input, @Nullable Integer reserved) {
        FunctionRef ref = function(input);
        return edits.edit(
                () -> found(ref),
                function -> new JsonObject().put("concurrency", new JsonObject().put("reserved", reserved)));
    }

    private JsonObject get(Request input) {
        return shown(found(function(input)));
    }

    private static FunctionRef function(Request input) {
        FunctionRef ref = input.function();
        if (ref.qualifier() != null) {
            throw new RefusedException(AwsError.invalidParameter(
                    "This operation is permitted on Lambda functions only. Aliases and versions do not support this"
                            + " operation. Please specify either a function name or an unqualified function ARN."));
        }
        return ref;
    }

    private Resource found(FunctionRef ref) {
        return lookup.find(ref).orElseThrow(() -> lookup.notFound(Lookup.qualified(ref, "$LATEST")));
    }

    private static JsonObject shown(Resource function) {
        Integer reserved = reserved(function);
        return reserved == null ? new JsonObject() : new JsonObject().put(RESERVED, reserved);
    }

    /** The limit of a function, null for none. */
    static @Nullable Integer reserved(Resource function) {
        return function.spec().getJsonObject("concurrency", new JsonObject()).getInteger("reserved");
    }
}
