package dev.kappa.controlplane.api;

import dev.kappa.lambda.model.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says of operations that nothing answers what to use instead. */
final class NotServed {
    private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

    static {
        say("kappa-api runs no functions; call the address of the gateway.", "Invoke", "InvokeWithResponseStream");
        say("Use Invoke with InvocationType Event.", "InvokeAsync");
        say(
                "Instances that are kept while idle are spec.scaling.min of the Function; set it with kubectl.",
                "PutProvisionedConcurrencyConfig",
                "GetProvisionedConcurrencyConfig",
                "DeleteProvisionedConcurrencyConfig",
                "ListProvisionedConcurrencyConfigs");
        say(
                "A policy is changed by its statements: use AddPermission, RemovePermission and GetPolicy.",
                "GetResourcePolicy",
                "PutResourcePolicy",
                "DeleteResourcePolicy");
    }

    private NotServed() {}

    private static void say(String sentence, String... operations) {
        List.of(operations).forEach(it -> INSTEAD.put(it, sentence));
    }

    /** Why there is no answer. */
    static String sentence(Operation operation) {
        return operation.name() + " is not served by Kappa. "
                + INSTEAD.getOrDefault(operation.name(), "docs/lambda-api.md says what is.");
    }

    /** All operations of which there is something to say. */
    static List<String> operations() {
        return List.copyOf(INSTEAD.keySet());
    }
}
