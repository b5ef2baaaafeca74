package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** When a function runs: each tick is one asynchronous event, however often a process fails. */
@ValidationRule(
        value = "!has(self.start) || !has(self.end) || timestamp(self.start) < timestamp(self.end)",
        messageExpression = "'spec.schedule.end: must be later than start, but start is %s and end %s'"
                + ".format([self.start, self.end])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class ScheduleSource {
    static final String TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$";

    /** A cron(…) of six fields, rate(…) or at(…) as EventBridge has them, or five fields of cron. */
    @Required
    @Size(min = 1, max = 256)
    public String expression;

    /** Time zone of the IANA database whose local times the expression means, such as Europe/Berlin. */
    @Default("UTC")
    @Size(min = 1, max = 64)
    public String timeZone;

    /** No tick is before this time, RFC 3339; a rate counts from here. */
    @Pattern(TIME)
    public String start;

    /** No tick is after this time, RFC 3339. */
    @Pattern(TIME)
    public String end;

    /** Each event is sent at some moment within this time after its tick: a number and one of s, m, h. */
    @Pattern("^[0-9]{1,5}[smh]$")
    @ValidationRule(
            value = "duration(self) <= duration('24h')",
            messageExpression = "'spec.schedule.flexibleWindow: must be at most 24h, but is %s'.format([self])")
    public String flexibleWindow;

    /** How late the event of a missed tick may be sent, seconds; without it the latest missed tick is always made up for. */
    @Min(1)
    @Max(86400)
    public Integer startingDeadlineSeconds;

    /** The event, JSON; without it the function gets EventBridge's scheduled event. */
    @Size(max = 1048576)
    public String input;
}
