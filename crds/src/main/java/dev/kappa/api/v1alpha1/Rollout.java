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
        messageExpression = "'spec.rollout: strategy Canary and Linear need percent and interval, but %s has %s'"
                + ".format([self.strategy, "
                + "has(self.percent) ? 'no interval' : has(self.interval) ? 'no percent' : 'neither'])")
@ValidationRule(
        value = "self.strategy in ['Canary', 'Linear'] || !has(self.percent) && !has(self.interval)",
        messageExpression = "'spec.rollout.percent and interval: go with strategy Canary or Linear only, but strategy "
                + "is %s'.format([self.strategy])")
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
            messageExpression =
                    "'spec.rollout.strategy: must be AllAtOnce, BlueGreen, Canary or Linear (with percent and "
                            + "interval), or a shorthand such as Canary10Percent5Minutes or "
                            + "Linear10PercentEvery1Minute, but is %s'.format([self])")
    public String strategy;

    /** Share of the new version in the first step (Canary), or of each step (Linear), in percent. */
    @Min(1)
    @Max(99)
    public Integer percent;

    /** How long each step lasts, with strategy Canary or Linear: a number and one of s, m, h. */
    @Pattern("^[1-9][0-9]{0,5}[smh]$")
    public String interval;

    /** How long the old version is kept warm, and alarms are watched, after the last step: 5m if absent, 0s for AllAtOnce. */
    @Pattern("^[0-9]{1,6}[smh]$")
    public String bakeTime;

    /** How long the instances of the new version may take until they are ready: a number and one of s, m, h. */
    @Pattern("^[1-9][0-9]{0,5}[smh]$")
    @Default("5m")
    public String readyTimeout;

    /** Limits for the new version; each that it exceeds rolls back. */
    @Size(max = 10)
    public List<Alarm> alarms;

    /** Whether a step ends on time although the new version had fewer events than its alarms ask for. */
    @Default("false")
    public Boolean promoteOnSilence;

    /** Functions that are asked about the new version. */
    public Hooks hooks;

    /** Set to true, the rollout that runs is rolled back at once. */
    @Default("false")
    public Boolean abort;

    /** A limit of what the events of the new version, or a Prometheus, may show. */
    @ValidationRule(
            value = "has(self.metric) != has(self.prometheus)",
            messageExpression = "'spec.rollout.alarms: give exactly one of metric, prometheus, but an alarm has %s'"
                    + ".format([has(self.metric) ? 'both, with metric ' + self.metric : 'neither'])")
    @ValidationRule(
            value = "!has(self.prometheus) || self.above.matches('^-?[0-9]+([.][0-9]+)?$')",
            messageExpression =
                    "\"spec.rollout.alarms.above: must be a number in quotes such as '0.05' for a Prometheus "
                            + "query, but is %s\".format([self.above])")
    @ValidationRule(
            value = "!has(self.prometheus) || !has(self.window) && !has(self.minimumEvents)",
            messageExpression =
                    "'spec.rollout.alarms.window and minimumEvents: go with metric only, since a query names "
                            + "its own range, but they are %s and %s for the query %s'"
                            + ".format([has(self.window) ? self.window : 'absent', "
                            + "has(self.minimumEvents) ? string(self.minimumEvents) : 'absent', self.prometheus.query])")
    @ValidationRule(
            value = "!has(self.metric) || (self.metric == 'p99Duration' ? self.above.matches('^[0-9]+(ms|s)$')"
                    + " : self.above.matches('^[0-9]+([.][0-9]+)?%$'))",
            messageExpression = "'spec.rollout.alarms.above: must be a percentage such as 1%% for errorRate and "
                    + "throttles, a duration such as 500ms for p99Duration, but is %s for %s'"
                    + ".format([self.above, self.metric])")
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Alarm {
        /** What is measured of the new version's events: errorRate, p99Duration or throttles. */
        @ValidationRule(
                value = "self in ['errorRate', 'p99Duration', 'throttles']",
                messageExpression =
                        "'spec.rollout.alarms.metric: must be one of errorRate, p99Duration, throttles, but is "
                                + "%s'.format([self])")
        @Size(max = 20)
        public String metric;

        /** Instead of a metric, a query that the installation's Prometheus answers. */
        public PrometheusQuery prometheus;

        /** The limit: a percentage of events such as 1%, a duration such as 500ms, or for a query a number such as '0.05'. */
        @Required
        @Size(max = 20)
        public String above;

        /** Over which time the metric is taken, an hour at most: 1m if absent. */
        @Pattern("^[1-9][0-9]{0,5}[smh]$")
        @ValidationRule(
                value = "duration(self) <= duration('1h')",
                messageExpression = "'spec.rollout.alarms.window: must be an hour at most, but is %s'.format([self])")
        @Size(max = 7)
        public String window;

        /** How many events in the window the alarm needs to judge: 50 if absent. */
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
        /** Function that is invoked once the new version is ready, before its first event: its name, or the name, a dot and an alias or version. */
        @Size(max = Limits.QUALIFIED_NAME)
        @Pattern(Limits.QUALIFIED_PATTERN)
        public String preTraffic;

        /** Function that is invoked after the last step: its name, or the name, a dot and an alias or version. */
        @Size(max = Limits.QUALIFIED_NAME)
        @Pattern(Limits.QUALIFIED_PATTERN)
        public String postTraffic;
    }
}
