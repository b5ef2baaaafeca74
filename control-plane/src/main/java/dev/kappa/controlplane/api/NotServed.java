package dev.kappa.controlplane.api;

import dev.kappa.lambda.model.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says of operations that nothing answers what to use instead. */
final class NotServed {
    private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

    private static final List<String> SOON =
            List.of("CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration");

    static {
        SOON.forEach(
                it -> say("Functions cannot be created or changed through the API yet; kubectl apply a Function.", it));
        say("kappa-api runs no functions; call the address of the gateway.", "Invoke", "InvokeWithResponseStream");
        say("Use Invoke with InvocationType Event.", "InvokeAsync");
        say(
                "Set spec.concurrency.reserved of the Function with kubectl.",
                "PutFunctionConcurrency",
                "GetFunctionConcurrency",
                "DeleteFunctionConcurrency");
        say(
                "Instances that are kept while idle are spec.scaling.min of the Function; set it with kubectl.",
                "PutProvisionedConcurrencyConfig",
                "GetProvisionedConcurrencyConfig",
                "DeleteProvisionedConcurrencyConfig",
                "ListProvisionedConcurrencyConfigs");
        say(
                "Rights are those of Kubernetes' RBAC; give them with a Role and a RoleBinding.",
                "AddPermission",
                "GetPolicy",
                "RemovePermission",
                "GetResourcePolicy",
                "PutResourcePolicy",
                "DeleteResourcePolicy");
        say(
                "Name layers in spec.layers of the Function with kubectl.",
                "PublishLayerVersion",
                "GetLayerVersion",
                "GetLayerVersionByArn",
                "DeleteLayerVersion",
                "ListLayerVersions",
                "ListLayers",
                "AddLayerVersionPermission",
                "GetLayerVersionPolicy",
                "RemoveLayerVersionPermission");
        say("Label the Function with kubectl.", "TagResource", "UntagResource", "ListTags");
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

    /** Whether an operation is soon to be served, so that it needs what it will need then. */
    static boolean hasAction(Operation operation) {
        return SOON.contains(operation.name());
    }

    /** All operations of which there is something to say. */
    static List<String> operations() {
        return List.copyOf(INSTEAD.keySet());
    }
}
