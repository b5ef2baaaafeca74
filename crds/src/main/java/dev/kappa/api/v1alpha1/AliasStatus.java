package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Where the events of an alias go now, and how that came about. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class AliasStatus {
    /** Generation of the resource that this status describes. */
    public Long observedGeneration;

    /** The condition Ready, with reason and message. */
    public List<Condition> conditions;

    /** Number of the version that gets the events that routing does not take; during a rollout, the old version; absent for $LATEST. */
    public Integer version;

    /** The additional version and its share of the events now; during a rollout, the new version. */
    public AliasSpec.Routing routing;

    /** Number of the version before the last rollout; setting spec.version to it takes effect at once. */
    public Integer previousVersion;

    /** How far spec.provisionedConcurrency is. */
    public ProvisionedStatus provisioned;

    /** Where spec.url is served. */
    public String url;

    /** The rollout that runs, else the last one. */
    public RolloutStatus rollout;

    /** The rollouts that ended, the newest first. */
    public List<RolloutRecord> history;

    /** A rollout: how far it is, or how it ended. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class RolloutStatus {
        /** Phase of the rollout: Preparing, PreTraffic, Shifting, PostTraffic, Baking, Succeeded or RolledBack. */
        public String phase;

        /** Number of the old version (blue). */
        public Integer from;

        /** Number of the new version (green). */
        public Integer to;

        /** Digest of what was asked for; a change of it begins another attempt. */
        public String attempt;

        /** Number of instances that each of the two versions keeps during the rollout. */
        public Integer instances;

        /** When the rollout began, RFC 3339. */
        public String startedAt;

        /** When the phase or step that it is in began, RFC 3339. */
        public String since;

        /** Why the rollout is in this phase. */
        public String message;
    }

    /** A rollout that ended. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class RolloutRecord {
        /** Number of the old version (blue). */
        public Integer from;

        /** Number of the new version (green). */
        public Integer to;

        /** Strategy of the rollout, as spec.rollout.strategy named it. */
        public String strategy;

        /** When the rollout began, RFC 3339. */
        public String startedAt;

        /** When the rollout ended, RFC 3339. */
        public String endedAt;

        /** How it ended: Succeeded or RolledBack. */
        public String result;

        /** Why it ended so. */
        public String message;
    }
}
