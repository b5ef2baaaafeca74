package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How an alias moves from the version that it points to (blue) to a new one (green); names and shorthands are CodeDeploy's. */
@ValidationRule(
        value = "!(self.strategy in ['Canary', 'Linear']) || has(self.percent) && has(self.interval)",
        message = "spec.rollout: strategy Canary and Linear need percent and interval")
@ValidationRule(
        value = "self.strategy in ['Canary', 'Linear'] || !has(self.percent) && !has(self.interval)",
        message = "spec.rollout.percent and interval: go with strategy Canary or Linear only")
@JsonIgnoreProperties(ignoreUnknown = true)
public class Rollout {
    /**
     * {@code AllAtOnce}, {@code BlueGreen}, {@code Canary}, {@code Linear}, or a shorthand such as
     * {@code Canary10Percent5Minutes} or {@code Linear10PercentEvery1Minute}.
     */
    @Required
    @Size(max = 60)
    @ValidationRule(
            value = "self.matches('^(AllAtOnce|BlueGreen|Canary|Linear"
                    + "|Canary[1-9][0-9]?Percent[1-9][0-9]{0,3}(Second|Minute|Hour)s?"
                    + "|Linear[1-9][0-9]?PercentEvery[1-9][0-9]{0,3}(Second|Minute|Hour)s?)$')",
            message =
                    "spec.rollout.strategy: must be AllAtOnce, BlueGreen, Canary or Linear (with percent and interval),"
                            + " or a shorthand such as Canary10Percent5Minutes or Linear10PercentEvery1Minute")
    public String strategy;

    /** Share of green's first step (Canary), or of each step (Linear). */
    @Min(1)
    @Max(99)
    public Integer percent;

    /** How long each step lasts. */
    @Pattern("^[1-9][0-9]{0,5}[smh]$")
    public String interval;

    /** How long blue is kept warm, and alarms are watched, after the last step: 5m if absent, 0s for AllAtOnce. */
    @Pattern("^[0-9]{1,6}[smh]$")
    public String bakeTime;

    /** How long green may take until its instances are ready. */
    @Pattern("^[1-9][0-9]{0,5}[smh]$")
    @Default("5m")
    public String readyTimeout;

    /** Each of them, breached by green, rolls back. */
    @Size(max = 10)
    public List<Alarm> alarms;

    /** Whether a step ends on time although green had fewer events than its alarms ask for. */
    @Default("false")
    public Boolean promoteOnSilence;

    /** Functions that judge green. */
    public Hooks hooks;

    /** True rolls back at once. */
    @Default("false")
    public Boolean abort;

    /** A limit of what green's events, or a Prometheus, may show. */
    @ValidationRule(
            value = "has(self.metric) != has(self.prometheus)",
            message = "spec.rollout.alarms: give exactly one of metric, prometheus")
    @ValidationRule(
            value = "!has(self.prometheus) || self.above.matches('^-?[0-9]+([.][0-9]+)?$')",
            message = "spec.rollout.alarms.above: a number in quotes such as '0.05' for a Prometheus query")
    @ValidationRule(
            value = "!has(self.prometheus) || !has(self.window) && !has(self.minimumEvents)",
            message = "spec.rollout.alarms.window and minimumEvents: go with metric only; a query names its own range")
    @ValidationRule(
            value = "!has(self.metric) || (self.metric == 'p99Duration' ? self.above.matches('^[0-9]+(ms|s)$')"
                    + " : self.above.matches('^[0-9]+([.][0-9]+)?%$'))",
            message = "spec.rollout.alarms.above: a percentage such as 1% for errorRate and throttles,"
                    + " a duration such as 500ms for p99Duration")
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Alarm {
        /** {@code errorRate}, {@code p99Duration} or {@code throttles}. */
        @ValidationRule(
                value = "self in ['errorRate', 'p99Duration', 'throttles']",
                message = "spec.rollout.alarms.metric: must be one of errorRate, p99Duration, throttles")
        @Size(max = 20)
        public String metric;

        /** Instead of a metric: what the installation's Prometheus answers. */
        public PrometheusQuery prometheus;

        /** Breached past this: a percentage of events, a duration, or for a query a number. */
        @Required
        @Size(max = 20)
        public String above;

        /** Over which time, an hour at most: 1m if absent. */
        @Pattern("^[1-9][0-9]{0,5}[smh]$")
        @ValidationRule(
                value = "duration(self) <= duration('1h')",
                message = "spec.rollout.alarms.window: must be an hour at most")
        @Size(max = 7)
        public String window;

        /** Fewer events in the window tell nothing: 50 if absent. */
        @Min(1)
        @Max(1000000)
        public Integer minimumEvents;
    }

    /** A query to the Prometheus of the chart's {@code operator.prometheusUrl}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class PrometheusQuery {
        /**
         * PromQL that answers a number or a vector, of which the greatest value counts. {@code $namespace},
         * {@code $function}, {@code $version} (green) and {@code $previousVersion} (blue) are replaced.
         */
        @Required
        @Size(min = 1, max = 2000)
        public String query;
    }

    /** Functions of the same namespace; an error, or an answer with {@code "status": "Failed"}, rolls back. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Hooks {
        /** Runs once green is ready, before its first event: a function, or a function, a dot and its alias or version. */
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9-]+)?$")
        public String preTraffic;

        /** Runs after the last step. */
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9-]+)?$")
        public String postTraffic;
    }
}
