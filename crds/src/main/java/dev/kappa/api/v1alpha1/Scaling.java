package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/** Bounds of the number of instances of one version. */
@ValidationRule(
        value = "self.min <= self.max",
        messageExpression = "'spec.scaling: min must not be greater than max, but min is %s and max is %s'"
                + ".format([string(self.min), string(self.max)])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class Scaling {
    /** An {@link #idleTimeout} that is learned. */
    public static final String AUTO = "auto";

    /** Number of instances that are kept while idle. */
    @Min(0)
    @Max(1000)
    @Default("0")
    public Integer min;

    /** Number of instances at most. */
    @Min(1)
    @Max(1000)
    @Default("100")
    public Integer max;

    /**
     * How long the last instance stays idle before it is removed: a number and one of s, m, h; or auto, which learns from the function's
     * own events how long that is worth it, and starts an instance before an event that comes regularly.
     */
    @Pattern("^(auto|[1-9][0-9]{0,4}(s|m|h))$")
    @Default("5m")
    public String idleTimeout;
}
