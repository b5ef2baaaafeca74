package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How asynchronous events are tried again and where their records go; the limits are Lambda's. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class Async {
    /** How often an event is tried again after an error of the function. */
    @Min(0)
    @Max(Limits.RETRY_ATTEMPTS)
    @Default("2")
    public Integer maxRetryAttempts;

    /** How old an event may get before it is given up: a number and one of s, m, h, between 1m and 6h. */
    @Pattern("^[1-9][0-9]{0,4}[smh]$")
    @Size(max = 6)
    @ValidationRule(
            value = "duration(self) >= duration('1m') && duration(self) <= duration('6h')",
            messageExpression = "'async.maxEventAge: must be between 1m and 6h, but is %s'.format([self])")
    @Default("6h")
    public String maxEventAge;

    /** Where the record of an event goes that the function answered. */
    public Destination onSuccess;

    /** Where the record of an event goes that was given up. */
    public Destination onFailure;
}
