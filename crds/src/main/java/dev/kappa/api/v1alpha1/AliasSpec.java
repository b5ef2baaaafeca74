package dev.kappa.api.v1alpha1;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where an alias points to. */
@ValidationRule(
        value = "!has(self.routing) || self.routing.version != self.version",
        message = "spec.routing.version: must differ from spec.version")
public class AliasSpec {
    /** Name of the function. */
    @Required
    @Size(min = 1, max = 40)
    public String function;

    /** Number of the version; {@code $LATEST} has no alias, it is the unqualified name. */
    @Required
    @Min(1)
    public Integer version;

    /** A standing split with one additional version. */
    public Routing routing;

    /** The additional version and its share. */
    public static class Routing {
        /** Number of the additional version. */
        @Required
        @Min(1)
        public Integer version;

        /** Its share of the events, percent. */
        @Required
        @Min(0)
        @Max(100)
        public Integer weight;
    }
}
