package dev.kappa.controlplane.api;

import dev.kappa.identity.Action;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.model.CallHead;
import dev.kappa.lambda.model.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the caller of an operation must be allowed. */
final class OperationPermission {
    private static final Pattern NEXT_WORD = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private static final String QUALIFIER = "Qualifier";

    private OperationPermission() {}

    /** What an operation needs; {@link Action} says it under the same name. */
    static Action action(Operation operation) {
        return Action.valueOf(
                NEXT_WORD.matcher(operation.name()).replaceAll("_").toUpperCase(Locale.ROOT));
    }

    /**
     * What a call of an operation that is served needs. Of a name that cannot be read: what a call on the whole default namespace
     * needs; the call itself is refused with what is wrong. Of an account that nobody knows: the same in all namespaces.
     */
    static Permission of(Operation operation, CallHead head, Accounts accounts) {
        Action action = action(operation);
        Map<String, String> labels = operation.labels(head);
        String written = labels.getOrDefault("FunctionName", labels.get("Resource"));
        if (action == Action.CREATE_FUNCTION || action == Action.CREATE_EVENT_SOURCE_MAPPING) {
            // The body names the namespace; the operation asks for the right.
            return new Permission(action, Target.namespace(accounts.defaultNamespace()), "*", List.of());
        }
        if (labels.containsKey("UUID")) {
            return ofMapping(action, labels.getOrDefault("UUID", ""), accounts);
        }
        if (action == Action.LIST_EVENT_SOURCE_MAPPINGS
                && !head.queried("FunctionName").isEmpty()) {
            written = head.queried("FunctionName").getFirst();
        }
        if (operation.input().members().containsKey("LayerName") || action == Action.GET_LAYER_VERSION_BY_ARN) {
            List<String> arn = head.queried("Arn");
            return ofLayer(action, labels.getOrDefault("LayerName", arn.isEmpty() ? "" : arn.getFirst()), accounts);
        }
        if (written == null) {
            boolean all = action == Action.LIST_FUNCTIONS
                    && !head.queried("FunctionVersion").isEmpty();
            return (all ? Action.LIST_FUNCTIONS_AND_VERSIONS : action)
                    .on(Target.namespace(accounts.defaultNamespace()), "*");
        }
        Optional<FunctionName> name = FunctionName.parse(written);
        if (name.isEmpty()) {
            return action.on(Target.namespace(accounts.defaultNamespace()), "*");
        }
        String alias = labels.get("Name");
        // The operation would ignore another one: what is permitted has to be what is done.
        List<String> queried = operation.input().members().containsKey(QUALIFIER) ? head.queried(QUALIFIER) : List.of();
        Optional<String> qualifier = alias == null
                ? FunctionParameters.qualifier(name.get(), queried.isEmpty() ? null : queried.getFirst())
                : Optional.of(alias);
        return accounts.resolve(name.get(), qualifier)
                .map(ref -> action.on(target(ref.ofResources()), accounts.arn(ref)))
                .orElseGet(() -> action.on(
                        new Target("", name.get().name(), qualifier.orElse(null)),
                        accounts.arnOfUnknown(name.get(), qualifier)));
    }

    private static Permission ofMapping(Action action, String uuid, Accounts accounts) {
        String namespace =
                MappingId.parse(uuid, accounts).map(MappingId::namespace).orElse("");
        return action.on(Target.namespace(namespace), accounts.mappingArn(namespace, uuid));
    }

    private static Permission ofLayer(Action action, String written, Accounts accounts) {
        return LayerName.parse(written, accounts)
                .map(it -> action.on(new Target(it.namespace(), it.label(), null), it.arn(accounts)))
                .orElseGet(() -> action.on(Target.namespace(""), written));
    }

    private static Target target(FunctionRef ref) {
        return new Target(ref.namespace(), ref.function(), ref.qualifier());
    }
}
