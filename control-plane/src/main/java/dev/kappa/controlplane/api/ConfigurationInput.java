package dev.kappa.controlplane.api;

import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The configuration that a call gives, as the spec of a Function has it. */
final class ConfigurationInput {
    private static final Pattern ROLE = Pattern.compile("arn:[^:]*:iam::(\\d{12}):role/(?:.*/)?([^/]+)");
    private static final Pattern ACCOUNT_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final int ENVIRONMENT_BYTES = 4096;
    private static final String DEFAULT_ACCOUNT = "default";

    private final Accounts accounts;
    private final DestinationArns destinations;
    private final LayerInput layers;

    ConfigurationInput(Accounts accounts, DestinationArns destinations, LayerInput layers) {
        this.accounts = accounts;
        this.destinations = destinations;
        this.layers = layers;
    }

    /**
     * The fields of the spec to set; null takes one away.
     *
     * @param ref the function
     * @param given what the call gives
     * @param caller who makes it
     * @param spec as it is; empty for a new function
     * @throws RefusedException 400 for what Kappa cannot do
     */
    JsonObject read(FunctionRef ref, Members given, Caller caller, JsonObject spec) {
        JsonObject change = new JsonObject();
        put(change, "runtime", given.text("Runtime"));
        put(change, "handler", given.text("Handler"));
        String description = given.text("Description");
        if (description != null) {
            change.put("description", description.isEmpty() ? null : description);
        }
        put(change, "timeoutSeconds", given.integer("Timeout"));
        put(change, "memory", mebibytes(given.integer("MemorySize")));
        Members storage = given.structure("EphemeralStorage");
        put(change, "ephemeralStorage", storage == null ? null : mebibytes(storage.integer("Size")));
        String role = given.text("Role");
        if (role != null) {
            String account = account(ref, role);
            change.put("serviceAccountName", account.equals(DEFAULT_ACCOUNT) ? null : account);
        }
        Members environment = given.structure("Environment");
        if (environment != null) {
            change.put("environment", environment(environment, spec));
        }
        Members deadLetter = given.structure("DeadLetterConfig");
        if (deadLetter != null) {
            String target = deadLetter.text("TargetArn");
            change.put("deadLetter", target == null || target.isEmpty() ? null : destinations.read(ref, target));
        }
        List<String> arns = given.list("Layers", String.class);
        if (arns != null) {
            change.put("layers", arns.isEmpty() ? null : layers.read(ref, arns, caller));
        }
        refuseOtherLogs(ref, given.structure("LoggingConfig"));
        return change;
    }

    /** What replaces the image's own settings, as {@code spec.code.image} has it. */
    static JsonObject imageConfig(Members config) {
        return new JsonObject()
                .put("command", list(config, "EntryPoint"))
                .put("args", list(config, "Command"))
                .put("workingDir", config.text("WorkingDirectory"));
    }

    private static @Nullable JsonArray list(Members config, String name) {
        List<String> list = config.list(name, String.class);
        return list == null || list.isEmpty() ? null : new JsonArray(list);
    }

    private static void put(JsonObject change, String field, @Nullable Object value) {
        if (value != null) {
            change.put(field, value);
        }
    }

    private static @Nullable String mebibytes(@Nullable Integer size) {
        return size == null ? null : size + "Mi";
    }

    /** A role is a ServiceAccount of the function's namespace. */
    private String account(FunctionRef ref, String role) {
        Matcher parts = ROLE.matcher(role);
        String account = accounts.account(ref.namespace());
        if (!parts.matches()
                || !parts.group(1).equals(account)
                || !ACCOUNT_NAME.matcher(parts.group(2)).matches()) {
            throw new RefusedException(AwsError.invalidParameter("The role " + role
                    + " cannot be assumed by functions of namespace " + ref.namespace()
                    + ": give arn:aws:iam::" + account + ":role/<name of a ServiceAccount of it>, such as arn:aws:iam::"
                    + account + ":role/default."));
        }
        return parts.group(2);
    }

    /** Those that come from Secrets stay, since the API neither shows them nor can give them. */
    private static JsonArray environment(Members environment, JsonObject spec) {
        Map<String, String> given = environment.map("Variables", String.class);
        Map<String, String> variables = given == null ? Map.of() : given;
        String measured = new JsonObject(Map.copyOf(variables)).encode();
        if (measured.getBytes(StandardCharsets.UTF_8).length > ENVIRONMENT_BYTES) {
            throw new RefusedException(AwsError.invalidParameter("Lambda was unable to configure your environment"
                    + " variables because the environment variables you have provided exceeded the 4KB limit. String"
                    + " measured: " + measured));
        }
        JsonArray written = new JsonArray();
        for (Object variable : spec.getJsonArray("environment", new JsonArray())) {
            JsonObject before = (JsonObject) variable;
            if (before.containsKey("valueFrom") && !variables.containsKey(before.getString("name"))) {
                written.add(before);
            }
        }
        variables.forEach(
                (name, value) -> written.add(new JsonObject().put("name", name).put("value", value)));
        return written;
    }

    private static void refuseOtherLogs(FunctionRef ref, @Nullable Members logging) {
        if (logging == null) {
            return;
        }
        String format = logging.text("LogFormat");
        String group = logging.text("LogGroup");
        boolean isText = format == null || format.equals("Text");
        if (!isText || (group != null && !group.equals(Configurations.logGroup(ref.function())))) {
            throw new RefusedException(AwsError.invalidParameter("LoggingConfig: Kappa's functions write Text to "
                    + Configurations.logGroup(ref.function()) + ", their pods' log; leave it out."));
        }
    }
}
