package dev.kappa.wire;

import java.util.List;

/**
 * An operator replica's answer to a {@link DemandReport}.
 *
 * @param leader whether this replica acts on it
 * @param decisions scale changes that it caused
 */
public record DemandAnswer(boolean leader, List<Decision> decisions) {
    /**
     * One change of a Deployment's scale, already written.
     *
     * @param namespace namespace of the function
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @param replicas the new number
     * @param reason why, in words
     */
    public record Decision(String namespace, String function, String version, int replicas, String reason) {}
}
