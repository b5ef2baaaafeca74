package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What clients such as Terraform ask of each function, and what is the same for all functions of Kappa. */
final class UnchangeableOperations implements Operations.Group {
    private final Lookup lookup;
    private final Accounts accounts;

    UnchangeableOperations(Lookup lookup, Accounts accounts) {
        this.lookup = lookup;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "GetFunctionCodeSigningConfig", input -> of(input.unqualifiedFunction(), new JsonObject()),
                "GetFunctionRecursionConfig",
                        input -> of(input.unqualifiedFunction(), new JsonObject().put("RecursiveLoop", "Terminate")),
                "GetRuntimeManagementConfig", this::runtimeManagement);
    }

    private JsonObject runtimeManagement(Request input) {
        FunctionRef ref = input.function();
        return of(ref, new JsonObject().put("UpdateRuntimeOn", "Auto").put("FunctionArn", accounts.arn(ref)));
    }

    private JsonObject of(FunctionRef ref, JsonObject answer) {
        lookup.named(ref);
        return answer;
    }
}
