package dev.kappa.controlplane.api;

import dev.kappa.lambda.model.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says of operations that nothing answers what to use instead. */
final class NotServed {
    /** Where there is nothing to use instead. */
    static final String NOTHING = "docs/lambda-api.md says what is.";

    private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

    static {
        say("kappa-api runs no functions; call the address of the gateway.", "Invoke", "InvokeWithResponseStream");
        say("Use Invoke with InvocationType Event.", "InvokeAsync");
        say(
                "A policy is changed by its statements: use AddPermission, RemovePermission and GetPolicy.",
                "GetResourcePolicy",
                "PutResourcePolicy",
                "DeleteResourcePolicy");
        say(
                "Kappa checks no signatures of code; a policy of admission of the cluster can look at spec.code.",
                "CreateCodeSigningConfig",
                "GetCodeSigningConfig",
                "UpdateCodeSigningConfig",
                "DeleteCodeSigningConfig",
                "ListCodeSigningConfigs",
                "ListFunctionsByCodeSigningConfig",
                "PutFunctionCodeSigningConfig",
                "DeleteFunctionCodeSigningConfig");
        say(
                "Events that come through the same function again and again are always ended.",
                "PutFunctionRecursionConfig");
        say(
                "The images of runtimes are those of the chart, for all functions; an upgrade of it replaces them.",
                "PutRuntimeManagementConfig");
        say(
                "Kappa has no managed instances; nodes are chosen in spec.scheduling of the Function.",
                "CreateCapacityProvider",
                "GetCapacityProvider",
                "UpdateCapacityProvider",
                "DeleteCapacityProvider",
                "ListCapacityProviders",
                "ListFunctionVersionsByCapacityProvider");
        say(
                "The number of instances is bounded by spec.scaling of the Function; set it with kubectl.",
                "GetFunctionScalingConfig",
                "PutFunctionScalingConfig");
        say(
                "Kappa has no durable functions.",
                "CheckpointDurableExecution",
                "DeleteDurableExecution",
                "GetDurableExecution",
                "GetDurableExecutionHistory",
                "GetDurableExecutionState",
                "ListDurableExecutionsByFunction",
                "PauseDurableExecution",
                "ResumeDurableExecution",
                "SendDurableExecutionCallbackFailure",
                "SendDurableExecutionCallbackHeartbeat",
                "SendDurableExecutionCallbackSuccess",
                "StopDurableExecution");
    }

    private NotServed() {}

    private static void say(String sentence, String... operations) {
        List.of(operations).forEach(it -> INSTEAD.put(it, sentence));
    }

    /** Why there is no answer. */
    static String sentence(Operation operation) {
        return operation.name() + " is not served by Kappa. " + instead(operation);
    }

    /** What to use instead. */
    static String instead(Operation operation) {
        return INSTEAD.getOrDefault(operation.name(), NOTHING);
    }

    /** All operations of which there is something to say. */
    static List<String> operations() {
        return List.copyOf(INSTEAD.keySet());
    }
}
