package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds layers and their versions, or answers with the service's error. */
final class LayerLookup {
    private final ResourceStore resources;
    private final Accounts accounts;

    LayerLookup(ResourceStore resources, Accounts accounts) {
        this.resources = resources;
        this.accounts = accounts;
    }

    /**
     * The layer that a call names, whether there is one or not.
     *
     * @throws RefusedException 404 if no namespace has the account
     */
    LayerName named(String written) {
        return LayerName.parse(written, accounts).orElseThrow(LayerLookup::absent);
    }

    /**
     * The version that the members {@code LayerName} and {@code VersionNumber} of a call name.
     *
     * @throws RefusedException 400 for a number below 1
     */
    LayerName version(Request input) {
        Long number = input.given().whole("VersionNumber");
        if (number == null || number < 1) {
            throw new RefusedException(AwsError.invalidParameter("Layer Version Cannot be less than 1"));
        }
        return named(input.given().required("LayerName")).at(number);
    }

    /** The error for a layer or a version that is not there. */
    static RefusedException absent() {
        return new RefusedException(AwsError.notFound("The resource you requested does not exist."));
    }

    /** The resource. */
    Optional<Resource> layer(LayerName name) {
        return resources.get(Kind.LAYER, name.namespace(), name.label()).filter(it -> !it.isDeleted());
    }

    /** A version, if it is there. */
    Optional<LayerVersion> find(LayerName version) {
        return layer(version)
                .flatMap(layer -> versions(layer).stream()
                        .filter(it -> Long.valueOf(it.number()).equals(version.version()))
                        .findFirst());
    }

    /** All layers of a namespace. */
    List<Resource> layers(String namespace) {
        return resources.list(Kind.LAYER, namespace).stream()
                .filter(it -> !it.isDeleted())
                .toList();
    }

    /** The versions of a layer, the newest first. */
    static List<LayerVersion> versions(Resource layer) {
        LayerName name = name(layer);
        return layer.spec().getJsonObject("versions", new JsonObject()).stream()
                .filter(it -> Lookup.isNumber(it.getKey()))
                .map(it -> version(name, layer, Long.parseLong(it.getKey()), (JsonObject) it.getValue()))
                .sorted(Comparator.comparingLong(LayerVersion::number).reversed())
                .toList();
    }

    private static LayerVersion version(LayerName name, Resource layer, long number, JsonObject fields) {
        return new LayerVersion(name.at(number), number, fields, layer);
    }

    /** The layer as callers name it. */
    static LayerName name(Resource layer) {
        String given = layer.spec().getString("layerName");
        boolean fits = given != null && DnsLabels.ofFunction(given).equals(layer.name());
        return new LayerName(layer.namespace(), fits ? given : layer.name(), null);
    }
}
