package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.Limits;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The layers that a call gives a function, as {@code spec.layers} has them. */
final class LayerInput {
    /** The name under which answers show a package that a manifest names, and under which calls may give it back. */
    private static final Pattern PACKAGE = Pattern.compile("package-([0-9a-f]{64})");

    private final LayerLookup lookup;
    private final CodeInput packages;
    private final CallerRights rights;
    private final Accounts accounts;

    LayerInput(LayerLookup lookup, CodeInput packages, CallerRights rights, Accounts accounts) {
        this.lookup = lookup;
        this.packages = packages;
        this.rights = rights;
        this.accounts = accounts;
    }

    /** ARN of a layer that is no version of one: its package. */
    static String arnOfPackage(Accounts accounts, String namespace, String sha256) {
        return accounts.layerArn(namespace, "package-" + sha256) + ":1";
    }

    /**
     * The layers of a function; what another namespace has is copied to the function's.
     *
     * @param ref the function
     * @param arns in the order of the call
     * @param caller who must be allowed to read layers of other namespaces, unless a layer's policy lets all functions use it
     * @throws RefusedException 400 for too many, and for what is not there
     */
    JsonArray read(FunctionRef ref, List<String> arns, Caller caller) {
        if (arns.size() > Limits.LAYERS) {
            throw new RefusedException(
                    AwsError.invalidParameter("Cannot reference more than " + Limits.LAYERS + " layers."));
        }
        Map<String, String> seen = new HashMap<>();
        JsonArray layers = new JsonArray();
        for (String arn : arns) {
            LayerName name = LayerName.parse(arn, accounts)
                    .filter(it -> it.version() != null)
                    .orElseThrow(() -> absent(arn));
            String before = seen.put(name.namespace() + "/" + name.name(), arn);
            if (before != null) {
                throw new RefusedException(AwsError.invalidParameter(
                        "Two different versions of the same layer are not allowed to be referenced in the same function. "
                                + before + " and " + arn + " are versions of the same layer."));
            }
            layers.add(layer(ref, name, arn, caller));
        }
        return layers;
    }

    private JsonObject layer(FunctionRef ref, LayerName name, String arn, Caller caller) {
        Matcher named = PACKAGE.matcher(name.name());
        if (named.matches() && name.namespace().equals(ref.namespace())) {
            return packaged(named.group(1));
        }
        boolean foreign = !name.namespace().equals(ref.namespace());
        Optional<LayerVersion> version = lookup.find(name);
        if (foreign
                && version.filter(it -> LayerPermissions.allows(it, accounts.account(ref.namespace())))
                        .isEmpty()) {
            rights.readLayer(caller, Action.GET_LAYER_VERSION, name);
        }
        String sha256 = version.orElseThrow(() -> absent(arn)).sha256();
        if (foreign) {
            packages.copy(name.namespace(), sha256, ref.namespace());
        }
        return packaged(sha256).put("arn", name.arn(accounts));
    }

    private static JsonObject packaged(String sha256) {
        return new JsonObject().put("package", new JsonObject().put("sha256", sha256));
    }

    private static RefusedException absent(String arn) {
        return new RefusedException(AwsError.invalidParameter("Layer version " + arn + " does not exist."));
    }
}
