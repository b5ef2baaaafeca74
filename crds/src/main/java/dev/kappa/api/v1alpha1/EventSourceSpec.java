package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which function gets events, and where they come from: exactly one source. */
@ValidationRule(
        value = "has(self.schedule)",
        messageExpression = "'spec: give exactly one source, which is schedule, but the source of %s has none'"
                + ".format([self.__function__])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class EventSourceSpec {
    /** A function of the same namespace: its name, or the name, a dot and an alias or version. */
    @Required
    @Size(min = 1, max = Limits.QUALIFIED_NAME)
    @Pattern(Limits.QUALIFIED_PATTERN)
    public String function;

    /** False pauses the source; what a schedule would have sent meanwhile is not made up for. */
    @Default("true")
    public Boolean enabled;

    /** Sends an event at each tick. */
    public ScheduleSource schedule;
}
