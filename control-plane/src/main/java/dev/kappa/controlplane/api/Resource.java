package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A custom resource as the API server had it.
 *
 * @param kind what it is
 * @param namespace where it is
 * @param name its name
 * @param uid never used again
 * @param generation counts the changes of its spec
 * @param resourceVersion changes with every write; a write that names an older one is refused
 * @param created when it was created
 * @param modified when its spec was written last
 * @param isDeleted whether it is about to go
 * @param spec what was asked for
 * @param status what the operator observed; empty before that
 */
public record Resource(
        Kind kind,
        String namespace,
        String name,
        String uid,
        long generation,
        String resourceVersion,
        Instant created,
        Instant modified,
        boolean isDeleted,
        JsonObject spec,
        JsonObject status) {
    /** Lambda's {@code RevisionId}: a UUID that changes with the spec, and with nothing else. */
    String revisionId() {
        return UUID.nameUUIDFromBytes((uid + "/" + generation).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Whether the status tells of the spec as it is. */
    boolean isObserved() {
        return Long.valueOf(generation).equals(status.getLong("observedGeneration"));
    }

    /** A condition of the status. */
    Optional<JsonObject> condition(String type) {
        return status.getJsonArray("conditions", new JsonArray()).stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(condition -> type.equals(condition.getString("type")))
                .findFirst();
    }

    /** What a version froze; empty until the operator filled it in, and for other kinds. */
    JsonObject snapshot() {
        return spec.getJsonObject("snapshot", new JsonObject());
    }
}
