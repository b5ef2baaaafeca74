package dev.kappa.controlplane.api;

import dev.kappa.identity.Action;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CreateFunction, UpdateFunctionCode and UpdateFunctionConfiguration. */
final class FunctionWrites implements Operations.Group {
    private static final VersionPublisher.Request AS_IT_IS = new VersionPublisher.Request(null, null, null);

    private final ResourceStore resources;
    private final Lookup lookup;
    private final Edits edits;
    private final Accounts accounts;
    private final CallerRights rights;
    private final CodeInput codes;
    private final ConfigurationInput inputs;
    private final VersionPublisher publishing;
    private final Configurations configurations;

    FunctionWrites(
            ResourceStore resources,
            Lookup lookup,
            Edits edits,
            Accounts accounts,
            CallerRights rights,
            CodeInput codes,
            ConfigurationInput inputs,
            VersionPublisher publishing,
            Configurations configurations) {
        this.resources = resources;
        this.lookup = lookup;
        this.edits = edits;
        this.accounts = accounts;
        this.rights = rights;
        this.codes = codes;
        this.inputs = inputs;
        this.publishing = publishing;
        this.configurations = configurations;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "CreateFunction", this::create,
                "UpdateFunctionCode", this::updateCode,
                "UpdateFunctionConfiguration", this::updateConfiguration);
    }

    private JsonObject create(Request input) {
        Members given = input.given();
        FunctionRef ref = input.unqualifiedFunction();
        rights.create(input.caller(), ref);
        FunctionRef label = ref.ofResources();
        JsonObject spec = inputs.read(ref, given, input.caller(), new JsonObject());
        if (!label.function().equals(ref.function())) {
            spec.put("functionName", ref.function());
        }
        Map<String, String> tags = given.map("Tags", String.class);
        if (tags != null && !tags.isEmpty()) {
            spec.put("tags", TagOperations.checked(tags));
        }
        Members code = given.structure("Code");
        if (code == null) {
            throw new IllegalArgumentException("the model requires Code");
        }
        checkPackage(given, CodeInput.isImage(code));
        spec.mergeIn(architecture(given), true);
        rights.write(input.caller(), Action.CREATE_FUNCTION, ref, spec, new JsonObject());
        spec.put("code", withoutNulls(codes.read(ref.namespace(), code)));
        Members imageConfig = given.structure("ImageConfig");
        if (imageConfig != null && spec.getJsonObject("code").containsKey("image")) {
            JsonObject image = spec.getJsonObject("code").getJsonObject("image");
            image.mergeIn(withoutNulls(ConfigurationInput.imageConfig(imageConfig)));
        }
        Resource created = create(ref, label, withoutNulls(spec));
        return Boolean.TRUE.equals(given.flag("Publish"))
                ? configurations.of(publishing.publish(ref, AS_IT_IS), null)
                : configurations.of(created, null);
    }

    private Resource create(FunctionRef ref, FunctionRef label, JsonObject spec) {
        try {
            return resources.create(Kind.FUNCTION, label.namespace(), label.function(), spec);
        } catch (ResourceException e) {
            if (e.isConflict()) {
                throw new RefusedException(AwsError.conflict("Function already exist: " + ref.function()));
            }
            if (e.isGone()) {
                throw new RefusedException(AwsError.invalidParameter("Function " + ref.function()
                        + " cannot be created, because there is no namespace " + ref.namespace() + "."));
            }
            throw e;
        }
    }

    private static void checkPackage(Members given, boolean isImage) {
        String type = given.text("PackageType");
        if (type != null && type.equals("Image") != isImage) {
            throw new RefusedException(AwsError.invalidParameter(
                    isImage
                            ? "Please don't provide ImageUri when creating a function with packageType Zip."
                            : "Please provide ImageUri when creating a function with packageType Image."));
        }
        if (isImage ? given.has("Runtime") || given.has("Handler") : !given.has("Runtime") || !given.has("Handler")) {
            throw new RefusedException(AwsError.invalidParameter(
                    isImage
                            ? "Runtime and Handler are not supported for functions created with container images."
                            : "Runtime and Handler are mandatory parameters for functions created with deployment"
                                    + " packages."));
        }
    }

    /** Which nodes can run it, unless they are those of the cluster. */
    private static JsonObject architecture(Members given) {
        var architectures = given.list("Architectures", String.class);
        return architectures == null || !architectures.contains("arm64")
                ? new JsonObject()
                : new JsonObject()
                        .put(
                                "scheduling",
                                new JsonObject()
                                        .put(
                                                "nodeSelector",
                                                new JsonObject().put(Configurations.ARCHITECTURE, "arm64")));
    }

    private static JsonObject withoutNulls(JsonObject object) {
        JsonObject result = new JsonObject();
        object.forEach(field -> {
            Object value = field.getValue() instanceof JsonObject inner ? withoutNulls(inner) : field.getValue();
            if (value != null) {
                result.put(field.getKey(), value);
            }
        });
        return result;
    }

    private JsonObject updateCode(Request input) {
        Members given = input.given();
        FunctionRef ref = input.unqualifiedFunction();
        Resource before = changeable(ref, given);
        boolean isImage = isImage(before);
        if (CodeInput.isImage(given) != isImage) {
            throw new RefusedException(AwsError.invalidParameter(
                    isImage
                            ? "Please provide ImageUri when updating a function with packageType Image."
                            : "Please don't provide ImageUri when updating a function with packageType Zip."));
        }
        JsonObject change = architecture(given);
        rights.write(
                input.caller(),
                Action.UPDATE_FUNCTION_CODE,
                ref,
                new JsonObject().put("code", new JsonObject()),
                before.spec());
        change.put("code", codes.read(ref.namespace(), given));
        if (Boolean.TRUE.equals(given.flag("DryRun"))) {
            return configurations.of(before, null);
        }
        Resource changed = edits.edit(() -> changeable(ref, given), it -> change);
        if (Boolean.TRUE.equals(given.flag("Publish"))) {
            Resource version = publishing.publish(ref, AS_IT_IS);
            return configurations.of(version, Configurations.version(version));
        }
        return configurations.of(changed, null);
    }

    private JsonObject updateConfiguration(Request input) {
        Members given = input.given();
        FunctionRef ref = input.unqualifiedFunction();
        Resource changed = edits.edit(() -> changeable(ref, given), before -> {
            JsonObject change = inputs.read(ref, given, input.caller(), before.spec());
            Members imageConfig = given.structure("ImageConfig");
            if (imageConfig != null && isImage(before)) {
                JsonObject image = ConfigurationInput.imageConfig(imageConfig);
                change.put("code", new JsonObject().put("image", image));
            }
            rights.write(input.caller(), Action.UPDATE_FUNCTION_CONFIGURATION, ref, change, before.spec());
            return change;
        });
        return configurations.of(changed, null);
    }

    private static boolean isImage(Resource function) {
        return function.spec().getJsonObject("code", new JsonObject()).containsKey("image");
    }

    /** The function, unless it is another one than the caller takes it for, or its last change is still being made. */
    private Resource changeable(FunctionRef ref, Members given) {
        Resource function = lookup.function(ref);
        @Nullable String revisionId = given.text("RevisionId");
        if (revisionId != null && !revisionId.equals(function.revisionId())) {
            throw new RefusedException(AwsError.staleRevision());
        }
        if (FunctionState.isChanging(function)) {
            throw new RefusedException(AwsError.conflict(
                    "The operation cannot be performed at this time. An update is in progress for resource: "
                            + accounts.arn(ref)));
        }
        return function;
    }
}
