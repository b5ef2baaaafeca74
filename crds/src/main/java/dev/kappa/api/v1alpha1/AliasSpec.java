package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What an alias points to, and how it moves. */
@ValidationRule(
        value = "has(self.version) || (!has(self.routing) && !has(self.rollout))",
        messageExpression = "'spec.version: an alias without it points to $LATEST, which neither shares events nor is "
                + "rolled out; give the number of a version, or remove spec.%s'"
                + ".format([has(self.routing) ? 'routing' : 'rollout'])")
@ValidationRule(
        value = "!has(self.routing) || !has(self.version) || self.routing.version != self.version",
        messageExpression = "'spec.routing.version: must differ from spec.version, but both are %s'"
                + ".format([string(self.version)])")
@ValidationRule(
        value = "!has(self.routing) || !has(self.rollout)",
        messageExpression = "'spec.routing and spec.rollout: give one, since a rollout moves the weights itself, but "
                + "routing has version %s and rollout has strategy %s'"
                + ".format([string(self.routing.version), self.rollout.strategy])")
@ValidationRule(
        value = "has(self.version) || !has(self.provisionedConcurrency)",
        messageExpression = "'spec.provisionedConcurrency: an alias that points to $LATEST has none, but %s is asked "
                + "for; give the number of a version in spec.version'.format([string(self.provisionedConcurrency)])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class AliasSpec {
    /** Name of the function, of the same namespace. */
    @Required
    @Size(min = 1, max = Limits.FUNCTION_NAME)
    @SelectableField
    public String function;

    /** The name that callers of Lambda's API use, where it cannot be part of metadata.name: with capitals or underscores. */
    @Size(min = 1, max = Limits.ALIAS)
    @Pattern("^[a-zA-Z0-9_-]+$")
    public String aliasName;

    /** Number of the version that gets the events; absent for $LATEST. */
    @Min(1)
    public Integer version;

    /** What the alias is for. */
    @Size(max = Limits.DESCRIPTION)
    public String description;

    /** A standing split with one additional version. */
    public Routing routing;

    /** Keeps each caller with one version while two of them get events. */
    public Stickiness stickiness;

    /** How the alias moves when version changes; without it, it moves at once. */
    public Rollout rollout;

    /** Settings for asynchronous events that name the alias; they replace those of the function as a whole. */
    public Async async;

    /** Number of concurrent events for which instances are kept ready in each version that the alias points to, whatever the demand; further events start more instances. */
    @Min(1)
    @Max(1000000)
    public Integer provisionedConcurrency;

    /** The address at which HTTP clients call what the alias points to; absent for none. */
    public UrlConfig url;

    /** An additional version and its share of the events. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Routing {
        /** Number of the additional version. */
        @Required
        @Min(1)
        public Integer version;

        /** Share of the events that the additional version gets, in percent. */
        @Required
        @Min(0)
        @Max(100)
        public Double weight;
    }

    /** What tells one caller from another. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Stickiness {
        /** Name of a header of the invocation; events with the same value of it go to the same version. */
        @Required
        @Size(min = 1, max = 100)
        @Pattern("^[A-Za-z0-9-]+$")
        public String header;
    }
}
