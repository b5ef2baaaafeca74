package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.VersionKey;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CreateAlias, GetAlias, UpdateAlias, DeleteAlias and ListAliases. */
final class AliasOperations implements Operations.Group {
    private final ResourceStore resources;
    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;

    AliasOperations(ResourceStore resources, Lookup lookup, Edits edits, Accounts accounts) {
        this.resources = resources;
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "CreateAlias", this::create,
                "GetAlias", this::get,
                "UpdateAlias", this::update,
                "DeleteAlias", this::delete,
                "ListAliases", this::list);
    }

    private JsonObject create(Request input) {
        String name = input.given().required("Name");
        String version = input.given().required("FunctionVersion");
        String description = input.text("Description");
        Routing routing = Routing.of(input.given());
        FunctionRef ref = input.unqualifiedFunction();
        Resource function = lookup.function(ref);
        checkVersions(ref, version, routing);
        FunctionRef qualified = Lookup.qualified(ref, name);
        JsonObject spec = new JsonObject().put("function", function.name());
        if (!version.equals(VersionKey.LATEST)) {
            spec.put("version", Integer.parseInt(version));
        }
        if (!name.equals(qualified.ofResources().qualifier())) {
            spec.put("aliasName", name);
        }
        if (description != null) {
            spec.put("description", description);
        }
        JsonObject additional = routing == null ? null : routing.spec();
        if (additional != null) {
            spec.put("routing", additional);
        }
        try {
            return show(ref, resources.create(Kind.ALIAS, function, Lookup.resourceName(qualified), spec));
        } catch (ResourceException e) {
            if (e.isConflict()) {
                throw new RefusedException(AwsError.conflict("Alias already exists: " + arn(ref, name)));
            }
            throw e;
        }
    }

    private JsonObject get(Request input) {
        String name = input.given().required("Name");
        FunctionRef ref = input.unqualifiedFunction();
        lookup.function(ref);
        return show(ref, require(ref, name));
    }

    private JsonObject update(Request input) {
        String name = input.given().required("Name");
        String version = input.text("FunctionVersion");
        String description = input.text("Description");
        String revisionId = input.text("RevisionId");
        Routing routing = Routing.of(input.given());
        FunctionRef ref = input.unqualifiedFunction();
        lookup.function(ref);
        return show(
                ref,
                edits.edit(
                        () -> require(ref, name, revisionId),
                        alias -> change(ref, alias, version, description, routing)));
    }

    private JsonObject change(
            FunctionRef ref,
            Resource alias,
            @Nullable String version,
            @Nullable String description,
            @Nullable Routing routing) {
        AliasTarget target = AliasTarget.of(alias);
        if (alias.spec().containsKey("rollout") && routing != null && routing.version() != null) {
            throw new RefusedException(AwsError.invalidParameter("Alias " + alias.name()
                    + " has spec.rollout, which moves the weights itself; leave RoutingConfig out, or take spec.rollout"
                    + " away with kubectl."));
        }
        if (alias.spec().containsKey("rollout") && VersionKey.LATEST.equals(version)) {
            throw new RefusedException(AwsError.invalidParameter("Alias " + alias.name()
                    + " has spec.rollout, and $LATEST is not rolled out; give a published version, or take spec.rollout"
                    + " away with kubectl."));
        }
        JsonObject change = new JsonObject();
        if (version != null || routing != null) {
            Routing resulting = routing == null ? kept(alias) : routing;
            checkVersions(ref, version == null ? target.version() : version, resulting);
        }
        if (version != null) {
            change.put("version", version.equals(VersionKey.LATEST) ? null : Integer.valueOf(version));
        }
        if (description != null) {
            change.put("description", description.isEmpty() ? null : description);
        }
        if (routing != null) {
            change.put("routing", routing.spec());
        }
        return change;
    }

    private static @Nullable Routing kept(Resource alias) {
        JsonObject routing = alias.spec().getJsonObject("routing");
        return routing == null ? null : new Routing(String.valueOf(routing.getInteger("version")), 0);
    }

    private JsonObject delete(Request input) {
        String name = input.given().required("Name");
        FunctionRef ref = input.unqualifiedFunction();
        lookup.function(ref);
        lookup.alias(ref, name).ifPresent(resources::delete);
        return new JsonObject();
    }

    private JsonObject list(Request input) {
        String version = input.text("FunctionVersion");
        Page page = input.page();
        FunctionRef ref = input.unqualifiedFunction();
        lookup.function(ref);
        List<Resource> aliases = lookup.aliases(ref).stream()
                .filter(alias -> version == null || reaches(alias, version))
                .toList();
        return page.answer("Aliases", aliases, Configurations::alias, alias -> show(ref, alias));
    }

    private static boolean reaches(Resource alias, String version) {
        AliasTarget target = AliasTarget.of(alias);
        return target.version().equals(version) || target.weights().containsKey(version);
    }

    private void checkVersions(FunctionRef ref, String version, @Nullable Routing routing) {
        String additional = routing == null ? null : routing.version();
        if (version.equals(additional)) {
            throw new RefusedException(AwsError.invalidParameter("Invalid function version " + version
                    + ". Function version " + version + " is already included in routing configuration."));
        }
        if (version.equals(VersionKey.LATEST) && additional != null) {
            throw new RefusedException(
                    AwsError.invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version"));
        }
        lookup.version(ref, version);
        if (additional != null) {
            lookup.version(ref, additional);
        }
    }

    private Resource require(FunctionRef ref, String name) {
        return lookup.alias(ref, name)
                .orElseThrow(() -> new RefusedException(AwsError.notFound("Cannot find alias arn: " + arn(ref, name))));
    }

    private Resource require(FunctionRef ref, String name, @Nullable String revisionId) {
        Resource alias = require(ref, name);
        if (revisionId != null && !revisionId.equals(alias.revisionId())) {
            throw new RefusedException(AwsError.staleRevision());
        }
        return alias;
    }

    private JsonObject show(FunctionRef ref, Resource alias) {
        String name = Configurations.alias(alias);
        AliasTarget target = AliasTarget.of(alias);
        JsonObject shown = new JsonObject()
                .put("AliasArn", arn(ref, name))
                .put("Name", name)
                .put("FunctionVersion", target.version())
                .put("Description", alias.spec().getString("description", ""))
                .put("RevisionId", alias.revisionId());
        if (target.routing() != null) {
            shown.put("RoutingConfig", new JsonObject().put("AdditionalVersionWeights", target.weights()));
        }
        return shown;
    }

    private String arn(FunctionRef ref, String alias) {
        return accounts.arn(Lookup.qualified(ref, alias));
    }
}
