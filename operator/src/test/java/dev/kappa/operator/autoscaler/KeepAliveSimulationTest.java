package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Two weeks of functions as "Serverless in the Wild" (Shahrad et al., 2020) describes those of Azure: four fifths have at most one event a
 * minute and almost half at most one an hour; a third have timers; of the others some come at random, and most in bursts.
 */
class KeepAliveSimulationTest {
    private static final int FUNCTIONS = Integer.getInteger("kappa.simulated.functions", 60);
    private static final int MOST_EVENTS = Integer.getInteger("kappa.simulated.events", 3_000);
    private static final long END = Duration.ofDays(14).toSeconds();
    private static final Duration COLD_START = Duration.ofSeconds(1);

    private record Result(long events, long coldStarts, long instanceSeconds) {
        Result plus(Result other) {
            return new Result(
                    events + other.events, coldStarts + other.coldStarts, instanceSeconds + other.instanceSeconds);
        }
    }

    /** Seconds between events. */
    private static List<Double> arrivals(Random random) {
        double mean = meanSeconds(random);
        int kind = random.nextInt(10);
        double sigma = 0.8 + 1.2 * random.nextDouble();
        List<Double> gaps = new ArrayList<>();
        for (double at = 0; at < END && gaps.size() < MOST_EVENTS; ) {
            double gap;
            if (kind < 3) {
                gap = mean + random.nextGaussian();
            } else if (kind < 6) {
                gap = -mean * Math.log(1 - random.nextDouble());
            } else {
                gap = mean * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
            }
            gaps.add(Math.max(0.1, gap));
            at += gap;
        }
        return gaps;
    }

    private static double meanSeconds(Random random) {
        int kind = random.nextInt(100);
        double low = kind < 45 ? 3600 : kind < 81 ? 60 : 5;
        double high = kind < 45 ? 86_400 : kind < 81 ? 3600 : 60;
        return low * Math.pow(high / low, random.nextDouble());
    }

    private static Result run(List<Double> gaps, Function<IdleTimes, KeepAlive> policy) {
        IdleTimes times = new IdleTimes();
        KeepAlive plan = policy.apply(times);
        long cold = 0;
        double seconds = 0;
        for (double gap : gaps) {
            Duration idle = Duration.ofMillis((long) (gap * 1000));
            double from = seconds(plan.from());
            double linger = from == 0 ? 0 : Math.min(gap, seconds(plan.linger()));
            double until = Math.max(seconds(plan.until()), seconds(plan.linger()));
            seconds += linger + Math.max(0, Math.min(gap, until) - from);
            cold += plan.wants(idle) ? 0 : 1;
            plan = times.add(idle) ? policy.apply(times) : plan;
        }
        return new Result(gaps.size(), cold, (long) seconds);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    @Test
    void whatIsLearnedHasFewerColdStartsInFewerInstanceSecondsThanFiveMinutes() {
        Result fixed = new Result(0, 0, 0);
        Result learned = new Result(0, 0, 0);
        for (int i = 0; i < FUNCTIONS; i++) {
            List<Double> gaps = arrivals(new Random(i));
            fixed = fixed.plus(run(gaps, times -> KeepAlive.of(IdleTimes.DEFAULT)));
            learned = learned.plus(run(gaps, times -> times.plan(COLD_START)));
        }

        System.out.println("five minutes: " + fixed + ", learned: " + learned);
        assertThat(learned.coldStarts()).isLessThan(fixed.coldStarts());
        assertThat(learned.instanceSeconds()).isLessThan(fixed.instanceSeconds());
    }
}
