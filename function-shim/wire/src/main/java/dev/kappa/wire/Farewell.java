package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a shim tells the gateway when its execution environment takes no more events: it ended, or could not be initialised.
 *
 * @param namespace namespace of the function
 * @param function name of the function
 * @param version {@code $LATEST} or a number
 * @param pod name of the pod
 * @param reason for the log and the Kubernetes Event
 * @param revision the {@code kappa.dev/revision} of the pod; null from a shim of release 0.1.0
 * @param initErrorType Lambda's errorType if the initialisation failed, else null; the gateway answers the event with it that
 *     the environment was started for
 * @param initErrorMessage the errorMessage that goes with it, else null
 * @param startsAgain whether the same pod starts another environment and says hello then; otherwise the pod is to be replaced
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Farewell(
        String namespace,
        String function,
        String version,
        String pod,
        String reason,
        @Nullable String revision,
        @Nullable String initErrorType,
        @Nullable String initErrorMessage,
        boolean startsAgain) {
    /**
     * The end of an environment that was initialised, in a pod that is to be replaced.
     *
     * @param namespace namespace of the function
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @param pod name of the pod
     * @param reason for the log and the Kubernetes Event
     */
    public Farewell(String namespace, String function, String version, String pod, String reason) {
        this(namespace, function, version, pod, reason, null, null, null, false);
    }
}
