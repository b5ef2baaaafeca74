package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** AddLayerVersionPermission, GetLayerVersionPolicy and RemoveLayerVersionPermission: which namespaces may use a layer's version. */
final class LayerPermissions implements Operations.Group {
    private static final int MOST = 100;

    private final LayerLookup lookup;
    private final Edits edits;
    private final Accounts accounts;

    LayerPermissions(LayerLookup lookup, Edits edits, Accounts accounts) {
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "AddLayerVersionPermission", this::add,
                "GetLayerVersionPolicy", this::get,
                "RemoveLayerVersionPermission", this::remove);
    }

    private JsonObject add(Request input) {
        if (input.given().has("OrganizationId")) {
            throw new RefusedException(
                    AwsError.invalidParameter("OrganizationId is a condition that no call meets here:"
                            + " leave it out, or name the account of a namespace as the principal."));
        }
        LayerName version = lookup.version(input);
        String id = input.given().required("StatementId");
        JsonObject statement = new JsonObject()
                .put("statementId", id)
                .put("principal", input.given().required("Principal"));
        JsonArray changed = edit(input, version, statements -> {
            if (index(statements, id) >= 0) {
                throw new RefusedException(AwsError.conflict("The statement id (" + id
                        + ") provided already exists. Please provide a new statement id, or remove the existing"
                        + " statement."));
            }
            if (statements.size() >= MOST) {
                throw new RefusedException(AwsError.invalidParameter("The layer's version has " + MOST
                        + " statements, which is the most; remove one with RemoveLayerVersionPermission."));
            }
            return statements.add(statement);
        });
        return new JsonObject()
                .put("Statement", shown(version, statement).encode())
                .put("RevisionId", revision(version, changed));
    }

    private JsonObject get(Request input) {
        LayerName version = lookup.version(input);
        JsonArray statements = find(version).permissions();
        if (statements.isEmpty()) {
            throw noPolicy();
        }
        JsonArray shown = new JsonArray();
        statements.forEach(it -> shown.add(shown(version, (JsonObject) it)));
        JsonObject policy = new JsonObject()
                .put("Version", "2012-10-17")
                .put("Id", "default")
                .put("Statement", shown);
        return new JsonObject().put("Policy", policy.encode()).put("RevisionId", revision(version, statements));
    }

    private JsonObject remove(Request input) {
        String id = input.given().required("StatementId");
        edit(input, lookup.version(input), statements -> {
            if (statements.isEmpty()) {
                throw noPolicy();
            }
            int index = index(statements, id);
            if (index < 0) {
                throw new RefusedException(AwsError.notFound("Statement " + id + " is not found in resource policy."));
            }
            statements.remove(index);
            return statements;
        });
        return new JsonObject();
    }

    private static RefusedException noPolicy() {
        return new RefusedException(AwsError.notFound("No policy is associated with the given resource."));
    }

    private JsonArray edit(Request input, LayerName version, UnaryOperator<JsonArray> change) {
        String number = String.valueOf(version.version());
        Resource written = edits.edit(() -> find(version).layer(), layer -> {
            JsonArray statements = of(layer, version).permissions();
            String given = input.text("RevisionId");
            if (given != null && !given.equals(revision(version, statements))) {
                throw new RefusedException(AwsError.staleLayerPolicy());
            }
            JsonArray changed = change.apply(statements);
            JsonObject fields = new JsonObject().put("permissions", changed.isEmpty() ? null : changed);
            return new JsonObject().put("versions", new JsonObject().put(number, fields));
        });
        return of(written, version).permissions();
    }

    private LayerVersion find(LayerName version) {
        return lookup.find(version).orElseThrow(() -> absent(version));
    }

    private LayerVersion of(Resource layer, LayerName version) {
        return LayerLookup.versions(layer).stream()
                .filter(it -> Long.valueOf(it.number()).equals(version.version()))
                .findFirst()
                .orElseThrow(() -> absent(version));
    }

    private RefusedException absent(LayerName version) {
        return new RefusedException(AwsError.notFound("Layer version " + version.arn(accounts) + " does not exist."));
    }

    /**
     * Whether the policy of a version lets the functions of a namespace use it.
     *
     * @param account of the namespace
     */
    static boolean allows(LayerVersion version, String account) {
        List<String> allowed = List.of("*", account);
        return version.permissions().stream()
                .map(it -> ((JsonObject) it).getString("principal", ""))
                .anyMatch(it ->
                        allowed.contains(it) || (it.startsWith("arn:") && it.endsWith(":iam::" + account + ":root")));
    }

    private static int index(JsonArray statements, String id) {
        for (int i = 0; i < statements.size(); i++) {
            if (id.equals(statements.getJsonObject(i).getString("statementId"))) {
                return i;
            }
        }
        return -1;
    }

    private String revision(LayerName version, JsonArray statements) {
        return UUID.nameUUIDFromBytes((version.arn(accounts) + statements.encode()).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private JsonObject shown(LayerName version, JsonObject statement) {
        return new JsonObject()
                .put("Sid", statement.getString("statementId"))
                .put("Effect", "Allow")
                .put("Principal", PermissionOperations.principal(statement.getString("principal")))
                .put("Action", "lambda:GetLayerVersion")
                .put("Resource", version.arn(accounts));
    }
}
