package dev.kappa.sources.invoke;

import dev.kappa.api.v1alpha1.ResourceNames;
import java.util.Optional;

/**
 * The function that gets the events of a source.
 *
 * @param namespace of both
 * @param name of the function
 * @param qualifier an alias or a version
 */
public record FunctionTarget(String namespace, String name, Optional<String> qualifier) {
    /**
     * Reads what a manifest names.
     *
     * @param namespace of the source
     * @param function a name, perhaps with a dot and a qualifier
     */
    public static FunctionTarget of(String namespace, String function) {
        return new FunctionTarget(namespace, ResourceNames.function(function), ResourceNames.qualifier(function));
    }

    /** Path and query of its invocations; what names consist of needs no escapes. */
    String path() {
        return "/2015-03-31/functions/" + name + "." + namespace + "/invocations"
                + qualifier.map(it -> "?Qualifier=" + it).orElse("");
    }
}
