package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** AddPermission, RemovePermission and GetPolicy: {@code spec.permissions} of a function, by the qualifier that they are about. */
final class PermissionOperations implements Operations.Group {
    private static final String FIELD = "permissions";
    private static final String VIA_URL = "invokedViaFunctionUrl";
    private static final int MOST = 100;
    private static final Pattern PRINCIPAL = Pattern.compile(
            "\\*|[0-9]{12}|arn:aws:iam::[0-9]{12}:(root|(role|user)/\\S+)|[a-z0-9.-]+\\.amazonaws\\.com");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    /** Fields of a statement in the manifest, by those of the call. */
    private static final Map<String, String> FIELDS = Map.of(
            "StatementId", "statementId",
            "Action", "action",
            "Principal", "principal",
            "SourceArn", "sourceArn",
            "SourceAccount", "sourceAccount",
            "FunctionUrlAuthType", "functionUrlAuthType");

    /** Kappa has nothing that could satisfy them, so that a statement would never allow anything. */
    static final List<String> UNKNOWN_CONDITIONS = List.of("PrincipalOrgID", "EventSourceToken");

    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;

    PermissionOperations(Lookup lookup, Edits edits, Accounts accounts) {
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of("AddPermission", this::add, "RemovePermission", this::remove, "GetPolicy", this::get);
    }

    private JsonObject add(Request input) {
        FunctionRef ref = input.function();
        JsonObject statement = statement(input, ref);
        edit(input, ref, statements -> {
            String id = statement.getString("statementId");
            if (index(statements, ref, id) >= 0) {
                throw new RefusedException(AwsError.conflict("The statement id (" + id
                        + ") provided already exists. Please provide a new statement id, or remove the existing"
                        + " statement."));
            }
            if (statements.size() >= MOST) {
                throw new RefusedException(AwsError.invalidParameter(
                        "The function has " + MOST + " statements, which is the most; remove one before."));
            }
            return statements.add(statement);
        });
        return new JsonObject().put("Statement", shown(ref, statement).encode());
    }

    private JsonObject remove(Request input) {
        FunctionRef ref = input.function();
        String id = input.given().required("StatementId");
        edit(input, ref, statements -> {
            if (of(statements, ref).isEmpty()) {
                throw new RefusedException(AwsError.notFound("No policy is associated with the given resource."));
            }
            int index = index(statements, ref, id);
            if (index < 0) {
                throw new RefusedException(AwsError.notFound("Statement " + id + " is not found in resource policy."));
            }
            statements.remove(index);
            return statements;
        });
        return new JsonObject();
    }

    private JsonObject get(Request input) {
        FunctionRef ref = input.function();
        JsonArray statements = statements(read(ref));
        List<JsonObject> own = of(statements, ref);
        if (own.isEmpty()) {
            throw new RefusedException(AwsError.notFound("The resource you requested does not exist."));
        }
        JsonArray shown = new JsonArray();
        own.forEach(it -> shown.add(shown(ref, it)));
        JsonObject policy = new JsonObject()
                .put("Version", "2012-10-17")
                .put("Id", "default")
                .put("Statement", shown);
        return new JsonObject().put("Policy", policy.encode()).put("RevisionId", revision(ref, own));
    }

    private void edit(Request input, FunctionRef ref, UnaryOperator<JsonArray> change) {
        edits.edit(() -> read(ref), function -> {
            JsonArray statements = statements(function);
            String given = input.text("RevisionId");
            if (given != null && !given.equals(revision(ref, of(statements, ref)))) {
                throw new RefusedException(AwsError.stalePolicy());
            }
            JsonArray changed = change.apply(statements);
            return new JsonObject().put(FIELD, changed.isEmpty() ? null : changed);
        });
    }

    /** The function; the version or alias of the call must be there too. */
    private Resource read(FunctionRef ref) {
        if (ref.qualifier() != null && !ref.qualifier().equals("$LATEST")) {
            lookup.named(ref);
        }
        return lookup.function(ref);
    }

    private static JsonObject statement(Request input, FunctionRef ref) {
        if ("$LATEST".equals(ref.qualifier())) {
            throw new RefusedException(
                    AwsError.invalidParameter("We currently do not support adding policies for $LATEST."));
        }
        if (!PRINCIPAL.matcher(input.given().required("Principal")).matches()) {
            throw new RefusedException(AwsError.invalidParameter(
                    "The provided principal was invalid. Please check the principal and try again."));
        }
        for (String condition : UNKNOWN_CONDITIONS) {
            if (input.given().has(condition)) {
                throw new RefusedException(AwsError.invalidParameter(condition + " is a condition that no call meets"
                        + " here: leave it out, or name accounts or roles as principals."));
            }
        }
        JsonObject statement = new JsonObject();
        FIELDS.forEach((parameter, field) -> {
            String value = input.text(parameter);
            if (value != null) {
                statement.put(field, value);
            }
        });
        Boolean viaUrl = input.given().flag("InvokedViaFunctionUrl");
        if (viaUrl != null) {
            statement.put(VIA_URL, viaUrl);
        }
        String qualifier = qualifier(ref);
        return qualifier == null ? statement : statement.put("qualifier", qualifier);
    }

    /** As resources are named; null for the function itself. */
    private static @Nullable String qualifier(FunctionRef ref) {
        String qualifier = ref.ofResources().qualifier();
        return "$LATEST".equals(qualifier) ? null : qualifier;
    }

    private static JsonArray statements(Resource function) {
        return function.spec().getJsonArray(FIELD, new JsonArray()).copy();
    }

    /** Those about the qualifier of a call. */
    private static List<JsonObject> of(JsonArray statements, FunctionRef ref) {
        return statements.stream()
                .map(JsonObject.class::cast)
                .filter(it -> Objects.equals(it.getString("qualifier"), qualifier(ref)))
                .toList();
    }

    private static int index(JsonArray statements, FunctionRef ref, String id) {
        for (int i = 0; i < statements.size(); i++) {
            JsonObject statement = statements.getJsonObject(i);
            if (id.equals(statement.getString("statementId"))
                    && Objects.equals(statement.getString("qualifier"), qualifier(ref))) {
                return i;
            }
        }
        return -1;
    }

    /** Each qualifier has a policy of its own, which changes with its statements and with nothing else. */
    private String revision(FunctionRef ref, List<JsonObject> statements) {
        return UUID.nameUUIDFromBytes((accounts.arn(ref) + statements).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private JsonObject shown(FunctionRef ref, JsonObject statement) {
        JsonObject shown = new JsonObject()
                .put("Sid", statement.getString("statementId"))
                .put("Effect", "Allow")
                .put("Principal", principal(statement.getString("principal")))
                .put("Action", statement.getString("action"))
                .put("Resource", accounts.arn(ref));
        JsonObject equals = new JsonObject();
        put(equals, "AWS:SourceAccount", statement.getString("sourceAccount"));
        put(equals, "lambda:FunctionUrlAuthType", statement.getString("functionUrlAuthType"));
        JsonObject like = new JsonObject();
        put(like, "AWS:SourceArn", statement.getString("sourceArn"));
        JsonObject condition = new JsonObject();
        if (!equals.isEmpty()) {
            condition.put("StringEquals", equals);
        }
        if (!like.isEmpty()) {
            condition.put("ArnLike", like);
        }
        Boolean viaUrl = statement.getBoolean(VIA_URL);
        if (viaUrl != null) {
            condition.put("Bool", new JsonObject().put("lambda:InvokedViaFunctionUrl", viaUrl.toString()));
        }
        return condition.isEmpty() ? shown : shown.put("Condition", condition);
    }

    /** A principal as policies show it. */
    static Object principal(String principal) {
        if (principal.equals("*")) {
            return principal;
        }
        boolean isAccount = ACCOUNT.matcher(principal).matches();
        return isAccount || principal.startsWith("arn:")
                ? new JsonObject().put("AWS", isAccount ? "arn:aws:iam::" + principal + ":root" : principal)
                : new JsonObject().put("Service", principal);
    }

    private static void put(JsonObject conditions, String key, @Nullable String value) {
        if (value != null) {
            conditions.put(key, value);
        }
    }
}
