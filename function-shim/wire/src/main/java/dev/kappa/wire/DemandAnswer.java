package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * An operator replica's answer to a {@link DemandReport}.
 *
 * @param leader whether this replica acts on it
 * @param decisions scale changes that it caused
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DemandAnswer(boolean leader, List<Decision> decisions) {
    /** A list that is absent in the JSON is empty. */
    public DemandAnswer {
        decisions = decisions == null ? List.of() : decisions;
    }

    /**
     * One change of a Deployment's scale, decided and about to be written.
     *
     * @param namespace namespace of the function
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @param replicas the new number
     * @param reason why, in words
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Decision(String namespace, String function, String version, int replicas, String reason) {}
}
