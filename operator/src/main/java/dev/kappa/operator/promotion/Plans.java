package dev.kappa.operator.promotion;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.Rollout;
import dev.kappa.operator.rollout.Alarm;
import dev.kappa.operator.rollout.Alarm.Metric;
import dev.kappa.operator.rollout.Plan;
import dev.kappa.operator.rollout.Plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a manifest asks of a rollout; the API server admitted it. */
final class Plans {
    private static final Pattern SHORTHAND =
            Pattern.compile("(Canary|Linear)(\\d+)Percent(?:Every)?(\\d+)(Second|Minute|Hour)s?");
    private static final Duration BAKE = Duration.ofMinutes(5);
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MINIMUM_EVENTS = 50;

    private Plans() {}

    static Plan of(Rollout rollout) {
        return new Plan(
                steps(rollout),
                bake(rollout),
                Durations.parse(rollout.readyTimeout),
                Boolean.TRUE.equals(rollout.promoteOnSilence),
                rollout.hooks != null && rollout.hooks.preTraffic != null,
                rollout.hooks != null && rollout.hooks.postTraffic != null);
    }

    private static Duration bake(Rollout rollout) {
        if (rollout.bakeTime != null) {
            return Durations.parse(rollout.bakeTime);
        }
        return rollout.strategy.equals("AllAtOnce") ? Duration.ZERO : BAKE;
    }

    private static List<Step> steps(Rollout rollout) {
        return switch (rollout.strategy) {
            case "AllAtOnce", "BlueGreen" -> Plan.atOnce();
            case "Canary" -> Plan.canary(rollout.percent, Durations.parse(rollout.interval));
            case "Linear" -> Plan.linear(rollout.percent, Durations.parse(rollout.interval));
            default -> shorthand(rollout.strategy);
        };
    }

    private static List<Step> shorthand(String strategy) {
        Matcher parts = SHORTHAND.matcher(strategy);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + strategy + "' is no strategy of a rollout");
        }
        int percent = Integer.parseInt(parts.group(2));
        Duration interval =
                Durations.parse(parts.group(3) + parts.group(4).substring(0, 1).toLowerCase(java.util.Locale.ROOT));
        return parts.group(1).equals("Canary") ? Plan.canary(percent, interval) : Plan.linear(percent, interval);
    }

    /** Of events; window and minimum have defaults. */
    static Alarm alarm(Rollout.Alarm alarm) {
        String above = alarm.above;
        double value = switch (above.charAt(above.length() - 1)) {
            case '%' -> number(above, 1);
            default -> above.endsWith("ms") ? number(above, 2) : 1000 * number(above, 1);
        };
        return new Alarm(
                Metric.of(alarm.metric),
                value,
                alarm.window == null ? WINDOW : Durations.parse(alarm.window),
                alarm.minimumEvents == null ? MINIMUM_EVENTS : alarm.minimumEvents);
    }

    private static double number(String text, int unit) {
        return Double.parseDouble(text.substring(0, text.length() - unit));
    }
}
