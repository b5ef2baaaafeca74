package dev.kappa.controlplane.api;

import dev.kappa.identity.Access;
import dev.kappa.identity.Action;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What a caller must be allowed besides, which only the body of a call and the function tell. The API server asks the same of
 * those who write with kubectl (the policy kappa-rights); it does not know for whom kappa-api writes.
 */
final class CallerRights {
    /** A change of one of them decides what runs with the role, or what is read of Secrets. */
    private static final List<String> FIELDS =
            List.of("code", "layers", "runtime", "handler", "environment", "serviceAccountName", "pod");

    private final Authorizer authorizer;
    private final Accounts accounts;

    CallerRights(Authorizer authorizer, Accounts accounts) {
        this.authorizer = authorizer;
        this.accounts = accounts;
    }

    /**
     * Lets a caller create a function of a namespace, which the body names.
     *
     * @throws RefusedException 403 unless the caller may
     */
    void create(Caller caller, FunctionRef ref) {
        require(caller, Action.CREATE_FUNCTION.on(Target.namespace(ref.namespace()), accounts.arn(ref)));
    }

    /**
     * Lets a caller give a function what the spec names.
     *
     * @param action which call it is
     * @param change the fields of the spec that are written
     * @param spec as it is before the change; empty for a new function
     * @throws RefusedException 403 unless the caller may
     */
    void write(Caller caller, Action action, FunctionRef ref, JsonObject change, JsonObject spec) {
        if (FIELDS.stream().noneMatch(change::containsKey)) {
            return;
        }
        JsonObject written = spec.copy();
        change.forEach(field -> {
            if (field.getValue() == null) {
                written.remove(field.getKey());
            } else {
                written.put(field.getKey(), field.getValue());
            }
        });
        List<Access> accesses = new ArrayList<>();
        String account = written.getString("serviceAccountName");
        if (account != null) {
            accesses.add(new Access("use", "serviceaccounts", ref.namespace(), account));
        }
        for (String secret : secrets(written)) {
            accesses.add(new Access("get", "secrets", ref.namespace(), secret));
        }
        for (String configMap : named(written, "configMapKeyRef")) {
            accesses.add(new Access("get", "configmaps", ref.namespace(), configMap));
        }
        if (!accesses.isEmpty()) {
            require(
                    caller,
                    new Permission(
                            action,
                            new Target(ref.namespace(), ref.function(), ref.qualifier()),
                            accounts.arn(ref),
                            accesses));
        }
    }

    /**
     * Lets a caller make an event source of a function, which the body of a call names.
     *
     * @throws RefusedException 403 unless the caller may
     */
    void createMapping(Caller caller, FunctionRef ref) {
        require(caller, Action.CREATE_EVENT_SOURCE_MAPPING.on(target(ref), accounts.arn(ref)));
    }

    /**
     * Lets a caller have a function invoked, which the body of a call names.
     *
     * @throws RefusedException 403 unless the caller may
     */
    void invoke(Caller caller, Action action, FunctionRef ref) {
        Target target = target(ref);
        require(
                caller,
                new Permission(
                        action,
                        target,
                        accounts.arn(ref),
                        List.of(new Access("create", "functions/invocations", target.namespace(), target.function()))));
    }

    /**
     * Lets a caller use what a Secret of a function's namespace has.
     *
     * @throws RefusedException 403 unless the caller may
     */
    void readSecret(Caller caller, Action action, FunctionRef ref, String secret) {
        require(
                caller,
                new Permission(
                        action,
                        target(ref),
                        accounts.arn(ref),
                        List.of(new Access("get", "secrets", ref.namespace(), secret))));
    }

    private static Target target(FunctionRef ref) {
        FunctionRef label = ref.ofResources();
        return new Target(label.namespace(), label.function(), label.qualifier());
    }

    /**
     * Lets a caller read a layer that the body of a call names.
     *
     * @param action which call reads it
     * @throws RefusedException 403 unless the caller may
     */
    void readLayer(Caller caller, Action action, LayerName layer) {
        require(caller, action.on(new Target(layer.namespace(), layer.label(), null), layer.arn(accounts)));
    }

    private static List<String> secrets(JsonObject spec) {
        List<String> secrets = named(spec, "secretKeyRef");
        addOfBucket(secrets, spec.getJsonObject("code"));
        spec.getJsonArray("layers", new JsonArray()).forEach(layer -> addOfBucket(secrets, (JsonObject) layer));
        spec.getJsonObject("pod", new JsonObject())
                .getJsonArray("imagePullSecrets", new JsonArray())
                .forEach(name -> secrets.add(String.valueOf(name)));
        return secrets;
    }

    /** What variables name as the source of their value. */
    private static List<String> named(JsonObject spec, String source) {
        List<String> names = new ArrayList<>();
        for (Object variable : spec.getJsonArray("environment", new JsonArray())) {
            JsonObject from = ((JsonObject) variable).getJsonObject("valueFrom");
            if (from != null && from.getJsonObject(source) != null) {
                names.add(from.getJsonObject(source).getString("name"));
            }
        }
        return names;
    }

    private static void addOfBucket(List<String> secrets, @Nullable JsonObject code) {
        JsonObject bucket = code == null ? null : code.getJsonObject("s3");
        if (bucket != null && bucket.getString("credentialsSecretName") != null) {
            secrets.add(bucket.getString("credentialsSecretName"));
        }
    }

    private void require(Caller caller, Permission permission) {
        try {
            authorizer.authorize(caller, permission).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : e;
        }
    }
}
