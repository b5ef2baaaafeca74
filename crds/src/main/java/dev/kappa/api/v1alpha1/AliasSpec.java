package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where an alias points to. */
@ValidationRule(
        value = "!has(self.routing) || self.routing.version != self.version",
        message = "spec.routing.version: must differ from spec.version")
@ValidationRule(
        value = "!has(self.routing) || !has(self.rollout)",
        message = "spec.routing and spec.rollout: give one; a rollout moves the weights itself")
@JsonIgnoreProperties(ignoreUnknown = true)
public class AliasSpec {
    /** Name of the function. */
    @Required
    @Size(min = 1, max = 40)
    public String function;

    /** Number of the version; {@code $LATEST} has no alias, it is the unqualified name. */
    @Required
    @Min(1)
    public Integer version;

    /** What the alias is for. */
    @Size(max = 256)
    public String description;

    /** A standing split with one additional version. */
    public Routing routing;

    /** What keeps a caller with one version while there are two. */
    public Stickiness stickiness;

    /** How the alias moves when {@code version} changes; without it, at once. */
    public Rollout rollout;

    /** For events that name the alias: replaces the function's as a whole. */
    public Async async;

    /** The additional version and its share. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Routing {
        /** Number of the additional version. */
        @Required
        @Min(1)
        public Integer version;

        /** Its share of the events, percent. */
        @Required
        @Min(0)
        @Max(100)
        public Double weight;
    }

    /** Names what stands for a caller. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Stickiness {
        /** Header of the invocation; events with the same value meet the same version. */
        @Required
        @Size(min = 1, max = 100)
        @Pattern("^[A-Za-z0-9-]+$")
        public String header;
    }
}
