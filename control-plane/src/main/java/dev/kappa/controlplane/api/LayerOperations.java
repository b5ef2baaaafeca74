package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.Limits;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PublishLayerVersion, GetLayerVersion, GetLayerVersionByArn, DeleteLayerVersion, ListLayerVersions and ListLayers. */
final class LayerOperations implements Operations.Group {
    /** What is kept of a version as it was given, by the fields of the manifest. */
    private static final Map<String, String> GIVEN = Map.of(
            "description", "Description",
            "licenseInfo", "LicenseInfo",
            "compatibleRuntimes", "CompatibleRuntimes",
            "compatibleArchitectures", "CompatibleArchitectures");

    private final ResourceStore resources;
    private final LayerLookup lookup;
    private final Edits edits;
    private final CodeInput packages;
    private final CodeSizes sizes;
    private final Accounts accounts;

    LayerOperations(
            ResourceStore resources,
            LayerLookup lookup,
            Edits edits,
            CodeInput packages,
            CodeSizes sizes,
            Accounts accounts) {
        this.resources = resources;
        this.lookup = lookup;
        this.edits = edits;
        this.packages = packages;
        this.sizes = sizes;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Operations.Answering> operations() {
        return Map.of(
                "PublishLayerVersion", this::publish,
                "GetLayerVersion", this::get,
                "GetLayerVersionByArn", this::getByArn,
                "DeleteLayerVersion", this::delete,
                "ListLayerVersions", this::listVersions,
                "ListLayers", this::listLayers);
    }

    private JsonObject publish(Request input) {
        LayerName name = lookup.named(input.given().required("LayerName"));
        JsonObject version = new JsonObject()
                .put("package", new JsonObject().put("sha256", content(name, input.given())))
                .put("created", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        GIVEN.forEach((field, member) -> {
            Object given = input.given().values().get(member);
            if (given != null) {
                version.put(field, given instanceof List<?> list ? new JsonArray(list) : given);
            }
        });
        Resource written = edits.edit(() -> lookup.layer(name).orElseGet(() -> make(name)), layer -> {
            List<LayerVersion> versions = LayerLookup.versions(layer);
            if (versions.size() >= Limits.LAYER_VERSIONS) {
                throw new RefusedException(
                        AwsError.invalidParameter("Layer " + name.name() + " has " + Limits.LAYER_VERSIONS
                                + " versions, which is the most; delete some with DeleteLayerVersion."));
            }
            long number = last(layer, versions) + 1;
            return new JsonObject()
                    .put("lastVersion", number)
                    .put("versions", new JsonObject().put(String.valueOf(number), version));
        });
        long number = written.spec().getLong("lastVersion");
        return whole(name.at(number), written);
    }

    /** The package, which is stored first. */
    private String content(LayerName name, Members given) {
        Members content = given.structure("Content");
        byte[] zip = content == null ? null : content.bytes("ZipFile");
        if (zip == null) {
            throw new RefusedException(AwsError.invalidParameter(
                    content != null && content.has("S3Bucket")
                            ? "Layers from buckets are not supported by PublishLayerVersion of Kappa: give ZipFile, or name"
                                    + " the bucket in spec.layers of the Function (s3: {bucket, key})."
                            : "Please provide a source for the layer: ZipFile."));
        }
        return packages.store(name.namespace(), zip);
    }

    private Resource make(LayerName name) {
        JsonObject spec = new JsonObject().put("lastVersion", 0).put("versions", new JsonObject());
        if (!name.label().equals(name.name())) {
            spec.put("layerName", name.name());
        }
        try {
            return resources.create(Kind.LAYER, name.namespace(), name.label(), spec);
        } catch (ResourceException e) {
            if (e.isGone()) {
                throw new RefusedException(AwsError.invalidParameter("Layer " + name.name()
                        + " cannot be published, because there is no namespace " + name.namespace() + "."));
            }
            throw e;
        }
    }

    private static long last(Resource layer, List<LayerVersion> versions) {
        long newest = versions.isEmpty() ? 0 : versions.getFirst().number();
        return Math.max(layer.spec().getLong("lastVersion", 0L), newest);
    }

    private JsonObject get(Request input) {
        return whole(lookup.version(input));
    }

    private JsonObject getByArn(Request input) {
        return whole(lookup.named(input.given().required("Arn")));
    }

    private JsonObject delete(Request input) {
        LayerName version = lookup.version(input);
        String number = String.valueOf(version.version());
        if (lookup.find(version).isPresent()) {
            edits.edit(
                    () -> lookup.layer(version).orElseThrow(LayerLookup::absent),
                    layer -> new JsonObject()
                            .put("lastVersion", last(layer, LayerLookup.versions(layer)))
                            .put("versions", new JsonObject().putNull(number)));
        }
        return new JsonObject();
    }

    private JsonObject listVersions(Request input) {
        LayerName name = lookup.named(input.given().required("LayerName"));
        List<LayerVersion> versions =
                lookup.layer(name).map(it -> matching(it, input)).orElse(List.of());
        return input.page()
                .answer(
                        "LayerVersions",
                        versions,
                        it -> String.format("%019d", Long.MAX_VALUE - it.number()),
                        this::shown);
    }

    private JsonObject listLayers(Request input) {
        List<LayerVersion> newest = lookup.layers(accounts.defaultNamespace()).stream()
                .map(layer -> matching(layer, input).stream().findFirst())
                .flatMap(Optional::stream)
                .toList();
        return input.page()
                .answer(
                        "Layers",
                        newest,
                        it -> it.name().name(),
                        it -> new JsonObject()
                                .put("LayerName", it.name().name())
                                .put(
                                        "LayerArn",
                                        accounts.layerArn(
                                                it.name().namespace(), it.name().name()))
                                .put("LatestMatchingVersion", shown(it)));
    }

    private static List<LayerVersion> matching(Resource layer, Request input) {
        String runtime = input.text("CompatibleRuntime");
        String architecture = input.text("CompatibleArchitecture");
        return LayerLookup.versions(layer).stream()
                .filter(it -> runtime == null || it.names("compatibleRuntimes", runtime))
                .filter(it -> architecture == null || it.names("compatibleArchitectures", architecture))
                .toList();
    }

    private JsonObject whole(LayerName version) {
        return whole(version, lookup.layer(version).orElse(null));
    }

    private JsonObject whole(LayerName version, @Nullable Resource layer) {
        if (layer == null) {
            throw LayerLookup.absent();
        }
        LayerVersion found = LayerLookup.versions(layer).stream()
                .filter(it -> Long.valueOf(it.number()).equals(version.version()))
                .findFirst()
                .orElseThrow(LayerLookup::absent);
        return shown(found)
                .put(
                        "LayerArn",
                        accounts.layerArn(found.name().namespace(), found.name().name()))
                .put(
                        "Content",
                        new JsonObject()
                                .put("CodeSha256", Configurations.base64(found.sha256()))
                                .put("CodeSize", sizes.of(layer.namespace(), found.sha256())));
    }

    private JsonObject shown(LayerVersion version) {
        JsonObject shown = new JsonObject()
                .put("LayerVersionArn", version.name().arn(accounts))
                .put("Version", version.number())
                .put("Description", version.fields().getString("description", ""))
                .put("CreatedDate", Configurations.TIME.format(version.created()));
        GIVEN.forEach((field, member) -> {
            if (version.fields().getValue(field) != null) {
                shown.put(member, version.fields().getValue(field));
            }
        });
        return shown;
    }
}
