package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A version of a layer that is there.
 *
 * @param name names it, with its number
 * @param number counts from 1
 * @param fields as {@code spec.versions} has it
 * @param layer the resource that it is in
 */
record LayerVersion(LayerName name, long number, JsonObject fields, Resource layer) {
    /** Digest of its package, as hex digits. */
    String sha256() {
        return fields.getJsonObject("package", new JsonObject()).getString("sha256", "");
    }

    /** When it was published; of one that a manifest brought, when the layer was made. */
    Instant created() {
        try {
            return Instant.parse(fields.getString("created", ""));
        } catch (DateTimeException e) {
            return layer.created();
        }
    }

    /** Statements of its policy; a copy. */
    JsonArray permissions() {
        return fields.getJsonArray("permissions", new JsonArray()).copy();
    }

    /** Whether its publisher said that it was made for something. */
    boolean names(String field, String value) {
        return fields.getJsonArray(field, new JsonArray()).contains(value);
    }
}
