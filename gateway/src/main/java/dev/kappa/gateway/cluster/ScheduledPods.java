package dev.kappa.gateway.cluster;

import java.util.function.ToLongBiFunction;

/** When pods were seen on a node; answers "not known" until the watch of pods is there. */
public final class ScheduledPods {
    private volatile ToLongBiFunction<String, String> source = (namespace, pod) -> 0;

    void source(ToLongBiFunction<String, String> next) {
        source = next;
    }

    /**
     * Looks a pod up.
     *
     * @param namespace its namespace
     * @param pod its name
     * @return epoch milliseconds, 0 if not known
     */
    public long atMs(String namespace, String pod) {
        return source.applyAsLong(namespace, pod);
    }
}
