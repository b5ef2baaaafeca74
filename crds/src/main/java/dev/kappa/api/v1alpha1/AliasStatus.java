package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Where an alias stands, and how it came there. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class AliasStatus {
    /** Generation of the resource that this status tells of. */
    public Long observedGeneration;

    /** Ready, with reason and message. */
    public List<Condition> conditions;

    /** The version that gets what {@code routing} does not: blue during a rollout. */
    public Integer version;

    /** The additional version and its share now: green during a rollout. */
    public AliasSpec.Routing routing;

    /** The version before the last rollout: setting {@code spec.version} to it takes effect at once. */
    public Integer previousVersion;

    /** The rollout that runs, or the last one. */
    public RolloutStatus rollout;

    /** How rollouts ended, the newest first. */
    public List<RolloutRecord> history;

    /** One rollout. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class RolloutStatus {
        /** Preparing, PreTraffic, Shifting, PostTraffic, Baking, Succeeded or RolledBack. */
        public String phase;

        /** Blue. */
        public Integer from;

        /** Green. */
        public Integer to;

        /** Digest of what was asked for: another one is another attempt. */
        public String attempt;

        /** Instances that each of the two keeps. */
        public Integer instances;

        /** RFC 3339, when it began. */
        public String startedAt;

        /** RFC 3339, when its phase began, or its step. */
        public String since;

        /** Why it went where it is. */
        public String message;
    }

    /** One ended rollout. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class RolloutRecord {
        /** Blue. */
        public Integer from;

        /** Green. */
        public Integer to;

        /** As it was asked for. */
        public String strategy;

        /** RFC 3339. */
        public String startedAt;

        /** RFC 3339. */
        public String endedAt;

        /** Succeeded or RolledBack. */
        public String result;

        /** Why. */
        public String message;
    }
}
