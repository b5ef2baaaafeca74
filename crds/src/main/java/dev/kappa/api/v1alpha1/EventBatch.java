package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/** When a batch of records is given to the function: when it is full, or its window is over. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class EventBatch {
    /** Records of a batch at most; without it 10. The event is never larger than 6 MB. */
    @Min(1)
    @Max(10000)
    public Integer size;

    /** How long a batch waits for more records after its first one: a number and one of s, m; without it not at all. */
    @Pattern("^[0-9]{1,3}[sm]$")
    @ValidationRule(
            value = "duration(self) <= duration('5m')",
            messageExpression = "'spec.batch.window: must be at most 5m, but is %s'.format([self])")
    public String window;
}
