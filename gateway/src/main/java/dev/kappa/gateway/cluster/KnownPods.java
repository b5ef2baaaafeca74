package dev.kappa.gateway.cluster;

import dev.kappa.gateway.dispatch.KnownPod;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The pods of functions by their names; knows none until the watch of pods is there. */
public final class KnownPods {
    private volatile BiFunction<String, String, @Nullable KnownPod> source = (namespace, pod) -> null;

    void source(BiFunction<String, String, @Nullable KnownPod> next) {
        source = next;
    }

    /**
     * Looks a pod up.
     *
     * @param namespace its namespace
     * @param pod its name
     * @return null if it is not known
     */
    public @Nullable KnownPod find(String namespace, String pod) {
        return source.apply(namespace, pod);
    }
}
