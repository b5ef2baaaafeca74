package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import org.jspecify.annotations.Nullable;

/** Where the dispatcher looks up what others know; never blocks. */
public interface ClusterView {
    /**
     * What is known of a version.
     *
     * @param key the version
     * @return null if it does not exist
     */
    @Nullable
    VersionConfig version(VersionKey key);

    /**
     * What is known of a pod.
     *
     * @param namespace its namespace
     * @param pod its name
     * @return null if the watch of pods has not seen it
     */
    @Nullable
    KnownPod pod(String namespace, String pod);

    /**
     * Whether this gateway is the one that runs the events of a function.
     *
     * @param function the function
     * @return whether it is the owner
     */
    boolean owns(FunctionKey function);
}
