package dev.kappa.controlplane.api;

import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.function.Supplier;

/** Changes a spec as it is now, and looks again if somebody else wrote meanwhile, be it the operator its status. */
final class Edits {
    private static final int TRIES = 20;

    private final ResourceStore resources;

    Edits(ResourceStore resources) {
        this.resources = resources;
    }

    /**
     * Reads, changes, writes.
     *
     * @param read the resource, or a refusal
     * @param change the fields of the spec to set, or a refusal; nothing is written for none
     * @return as it is stored
     */
    Resource edit(Supplier<Resource> read, Function<Resource, JsonObject> change) {
        for (int tries = 1; ; tries++) {
            Resource resource = read.get();
            JsonObject changed = change.apply(resource);
            try {
                return changed.isEmpty() ? resource : resources.patch(resource, changed);
            } catch (ResourceException e) {
                if (tries == TRIES || !(e.isConflict() || e.isGone())) {
                    throw e;
                }
            }
        }
    }
}
