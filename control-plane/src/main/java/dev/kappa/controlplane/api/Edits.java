package dev.kappa.controlplane.api;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.function.Supplier;

/** Changes a spec as it is now, and looks again if somebody else wrote meanwhile, be it the operator its status. */
final class Edits {
    private static final RetryPolicy<Resource> UNLESS_LEFT_ALONE = RetryPolicy.<Resource>builder()
            .handleIf(thrown -> thrown instanceof ResourceException e && (e.isConflict() || e.isGone()))
            .withMaxRetries(19)
            .build();

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
        return Failsafe.with(UNLESS_LEFT_ALONE).get(() -> {
            Resource resource = read.get();
            JsonObject changed = change.apply(resource);
            return changed.isEmpty() ? resource : resources.patch(resource, changed);
        });
    }
}
