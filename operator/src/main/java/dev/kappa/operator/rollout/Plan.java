package dev.kappa.operator.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How an alias moves.
 *
 * @param steps by rising weight, the last one 100
 * @param bake how long blue is kept and alarms are watched after the last step
 * @param readyTimeout how long green may take to be ready
 * @param promoteOnSilence whether too few events for an alarm are no reason to wait
 * @param preTraffic whether a hook judges green before its first event
 * @param postTraffic whether a hook judges green after the last step
 */
public record Plan(
        List<Step> steps,
        Duration bake,
        Duration readyTimeout,
        boolean promoteOnSilence,
        boolean preTraffic,
        boolean postTraffic) {
    private static final int ALL = 100;

    /**
     * One share of the events.
     *
     * @param weight green's share, percent
     * @param hold how long at least until the next step
     */
    public record Step(int weight, Duration hold) {}

    /** One step. */
    public static List<Step> atOnce() {
        return List.of(new Step(ALL, Duration.ZERO));
    }

    /**
     * Two steps.
     *
     * @param percent share of the first
     * @param interval how long it lasts
     */
    public static List<Step> canary(int percent, Duration interval) {
        return List.of(new Step(percent, interval), new Step(ALL, Duration.ZERO));
    }

    /**
     * Equal steps.
     *
     * @param percent what each adds
     * @param interval how long each lasts
     */
    public static List<Step> linear(int percent, Duration interval) {
        List<Step> steps = new ArrayList<>();
        for (int weight = percent; weight < ALL; weight += percent) {
            steps.add(new Step(weight, interval));
        }
        steps.add(new Step(ALL, Duration.ZERO));
        return List.copyOf(steps);
    }

    /** How long a weight is held; the plan may have changed since it was reached. */
    Duration hold(int weight) {
        return steps.stream()
                .filter(step -> step.weight() <= weight)
                .reduce((lower, higher) -> higher)
                .map(Step::hold)
                .orElse(Duration.ZERO);
    }

    int after(int weight) {
        return steps.stream()
                .mapToInt(Step::weight)
                .filter(next -> next > weight)
                .findFirst()
                .orElse(ALL);
    }
}
