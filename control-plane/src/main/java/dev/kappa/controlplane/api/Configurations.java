package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows functions and versions as botocore's shape {@code FunctionConfiguration} has them. */
final class Configurations {
    /** Label of nodes. */
    static final String ARCHITECTURE = "kubernetes.io/arch";

    /** Of functions and layers. */
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'+0000'").withZone(ZoneOffset.UTC);

    private static final int DEFAULT_MEMORY = 128;
    private static final int DEFAULT_STORAGE = 512;
    private static final int DEFAULT_TIMEOUT = 3;

    private final Accounts accounts;
    private final CodeSizes sizes;
    private final DestinationArns destinations;

    Configurations(Accounts accounts, CodeSizes sizes, DestinationArns destinations) {
        this.accounts = accounts;
        this.sizes = sizes;
        this.destinations = destinations;
    }

    /**
     * A function or version.
     *
     * @param resource the function or the version
     * @param qualifier what the ARN ends with, null for nothing
     */
    JsonObject of(Resource resource, @Nullable String qualifier) {
        JsonObject spec = spec(resource);
        String function = name(resource);
        JsonObject shown = new JsonObject()
                .put("FunctionName", function)
                .put("FunctionArn", accounts.arn(new FunctionRef(resource.namespace(), function, qualifier)))
                .put("Role", role(resource.namespace(), spec))
                .put("CodeSize", sizes.of(resource.namespace(), codeSha256(resource)))
                .put("Description", resource.spec().getString("description", ""))
                .put("Timeout", spec.getInteger("timeoutSeconds", DEFAULT_TIMEOUT))
                .put("MemorySize", Mebibytes.of(spec.getValue("memory"), DEFAULT_MEMORY))
                .put(
                        "LastModified",
                        TIME.format(resource.kind() == Kind.VERSION ? resource.created() : resource.modified()))
                .put("Version", version(resource))
                .put("TracingConfig", new JsonObject().put("Mode", "PassThrough"))
                .put("RevisionId", resource.revisionId())
                .put("PackageType", image(spec) == null ? "Zip" : "Image")
                .put("Architectures", new JsonArray().add(architecture(spec)))
                .put("LoggingConfig", new JsonObject().put("LogFormat", "Text").put("LogGroup", logGroup(function)))
                .put(
                        "EphemeralStorage",
                        new JsonObject().put("Size", Mebibytes.of(spec.getValue("ephemeralStorage"), DEFAULT_STORAGE)))
                .put("SnapStart", new JsonObject().put("ApplyOn", "None").put("OptimizationStatus", "Off"));
        addWhatIsThere(shown, resource, spec);
        FunctionState.of(resource).addTo(shown);
        return shown;
    }

    private void addWhatIsThere(JsonObject shown, Resource resource, JsonObject spec) {
        putUnlessNull(shown, "Runtime", runtime(spec.getString("runtime")));
        putUnlessNull(shown, "Handler", spec.getString("handler"));
        putUnlessNull(shown, "CodeSha256", base64(codeSha256(resource)));
        JsonArray layers = layers(resource, spec);
        if (!layers.isEmpty()) {
            shown.put("Layers", layers);
        }
        JsonObject variables = variables(spec);
        if (!variables.isEmpty()) {
            shown.put("Environment", new JsonObject().put("Variables", variables));
        }
        JsonObject imageConfig = imageConfig(image(spec));
        if (!imageConfig.isEmpty()) {
            shown.put("ImageConfigResponse", new JsonObject().put("ImageConfig", imageConfig));
        }
        String deadLetter = destinations.of(resource.namespace(), spec.getJsonObject("deadLetter"));
        if (deadLetter != null) {
            shown.put("DeadLetterConfig", new JsonObject().put("TargetArn", deadLetter));
        }
    }

    /** The versions of layers that a function was given, and packages that a manifest names, as versions of a layer too. */
    private JsonArray layers(Resource resource, JsonObject spec) {
        JsonObject stored = resource.kind() == Kind.FUNCTION ? resource.status() : resource.snapshot();
        JsonArray digests = stored.getJsonArray("layers", new JsonArray());
        JsonArray given = spec.getJsonArray("layers", new JsonArray());
        JsonArray shown = new JsonArray();
        for (int i = 0; i < given.size(); i++) {
            JsonObject layer = given.getJsonObject(i);
            String fetched = i < digests.size() ? digests.getJsonObject(i).getString("sha256") : null;
            String sha256 = layer.getJsonObject("package", layer.getJsonObject("url", new JsonObject()))
                    .getString("sha256", fetched);
            if (sha256 != null) {
                shown.add(new JsonObject()
                        .put(
                                "Arn",
                                layer.getString("arn", LayerInput.arnOfPackage(accounts, resource.namespace(), sha256)))
                        .put("CodeSize", sizes.of(resource.namespace(), sha256)));
            }
        }
        return shown;
    }

    /** Name of the resource of the function that a resource is or belongs to. */
    private static String function(Resource resource) {
        return resource.kind() == Kind.FUNCTION
                ? resource.name()
                : resource.spec().getString("function", "");
    }

    /** Name of a function, or of that of a version, as callers write it. */
    static String name(Resource resource) {
        String label = function(resource);
        String name = spec(resource).getString("functionName");
        return name != null && DnsLabels.ofFunction(name).equals(label) ? name : label;
    }

    /** Name of an alias as callers write it. */
    static String alias(Resource alias) {
        String label = ResourceNames.qualifier(alias.name()).orElseThrow();
        String name = alias.spec().getString("aliasName");
        return name != null && DnsLabels.ofQualifier(name).equals(label) ? name : label;
    }

    /** {@code $LATEST} or the number. */
    static String version(Resource resource) {
        return resource.kind() == Kind.FUNCTION
                ? "$LATEST"
                : String.valueOf(resource.spec().getInteger("number"));
    }

    /** Code and configuration, those that a version froze. */
    static JsonObject spec(Resource resource) {
        return resource.kind() == Kind.FUNCTION
                ? resource.spec()
                : resource.snapshot().getJsonObject("function", new JsonObject());
    }

    /** Digest of the package as hex digits; of one that the spec names, also before the operator has seen to it. */
    static @Nullable String codeSha256(Resource resource) {
        if (resource.kind() != Kind.FUNCTION) {
            return resource.snapshot().getString("codeSha256");
        }
        JsonObject code = resource.spec().getJsonObject("code", new JsonObject());
        return code.getJsonObject("package", new JsonObject())
                .getString("sha256", resource.status().getString("codeSha256"));
    }

    /** A digest as Lambda writes it. */
    static @Nullable String base64(@Nullable String hex) {
        return hex == null
                ? null
                : Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static @Nullable JsonObject image(JsonObject spec) {
        return spec.getJsonObject("code", new JsonObject()).getJsonObject("image");
    }

    /** What replaces the image's own settings; empty for none. */
    private static JsonObject imageConfig(@Nullable JsonObject image) {
        JsonObject config = new JsonObject();
        if (image != null) {
            Map.of("command", "EntryPoint", "args", "Command", "workingDir", "WorkingDirectory")
                    .forEach((field, name) -> {
                        if (image.getValue(field) != null) {
                            config.put(name, image.getValue(field));
                        }
                    });
        }
        return config;
    }

    private String role(String namespace, JsonObject spec) {
        return "arn:aws:iam::" + accounts.account(namespace) + ":role/"
                + spec.getString("serviceAccountName", "default");
    }

    private static @Nullable String runtime(@Nullable String runtime) {
        return runtime != null && runtime.startsWith("nodejs") && !runtime.endsWith(".x") ? runtime + ".x" : runtime;
    }

    private static String architecture(JsonObject spec) {
        String required = spec.getJsonObject("scheduling", new JsonObject())
                .getJsonObject("nodeSelector", new JsonObject())
                .getString(ARCHITECTURE);
        return "arm64".equals(required) ? "arm64" : "x86_64";
    }

    /** Where a function's log is, in the words of CloudWatch. */
    static String logGroup(String function) {
        return "/aws/lambda/" + function;
    }

    /** What a Secret holds is not shown. */
    private static JsonObject variables(JsonObject spec) {
        JsonObject variables = new JsonObject();
        JsonArray environment = spec.getJsonArray("environment", new JsonArray());
        for (int i = 0; i < environment.size(); i++) {
            JsonObject variable = environment.getJsonObject(i);
            if (variable.getString("value") != null) {
                variables.put(variable.getString("name"), variable.getString("value"));
            }
        }
        return variables;
    }

    private static void putUnlessNull(JsonObject object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }
}
