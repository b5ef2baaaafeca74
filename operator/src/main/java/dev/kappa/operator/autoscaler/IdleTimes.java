package dev.kappa.operator.autoscaler;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long a version was idle between its events lately, and what that tells of when the next is to be expected. An instance is kept
 * in the window of idle times in which it is cheapest: where it costs most seconds the less, the more cold starts it spares. So a regular event
 * is met by an instance that was started just before it, and no instance waits for an event that comes once a day at any time. After "Serverless in
 * the Wild" (Shahrad et al., 2020), with the idle times themselves, since few are enough, instead of a histogram of minutes.
 */
final class IdleTimes {
    /** An instance stays for so long at least, which shorter idle times do not change. */
    static final Duration LINGER = Duration.ofSeconds(10);

    /** Without enough of them: as long as every version has it that does not say otherwise. */
    static final Duration DEFAULT = Duration.ofMinutes(5);

    /** What a cold start may cost in seconds of an instance; who waits five minutes for an event pays as much. */
    private static final int COLD_START_SECONDS = 300;

    /** An instance that went for less would start more often than it is worth. */
    private static final int SHORTEST_AWAY_SECONDS = 60;

    private static final int KEPT = 100;
    private static final int ENOUGH = 8;

    private final int[] seconds = new int[KEPT];
    private int count;
    private int next;

    /**
     * An event came after so long.
     *
     * @return whether that can change the plan
     */
    boolean add(Duration idle) {
        if (idle.compareTo(LINGER) < 0) {
            return false;
        }
        seconds[next] = (int) Math.min(Integer.MAX_VALUE, idle.toSeconds());
        next = (next + 1) % KEPT;
        count = Math.min(KEPT, count + 1);
        return true;
    }

    /**
     * What to do until the next event.
     *
     * @param coldStart how much earlier than it is wanted an instance is to be started
     */
    KeepAlive plan(Duration coldStart) {
        if (count < ENOUGH) {
            return KeepAlive.of(DEFAULT);
        }
        int[] sorted = Arrays.copyOf(seconds, count);
        Arrays.sort(sorted);
        long[] sums = new long[count + 1];
        for (int i = 0; i < count; i++) {
            sums[i + 1] = sums[i] + sorted[i];
        }
        int linger = (int) LINGER.toSeconds();
        Window best = new Window(0, linger, cost(sorted, sums, 0, linger));
        for (int last = 0; last < count; last++) {
            best = best.cheaper(stays(sorted, sums, last));
            for (int first = 0; first <= last; first++) {
                best = best.cheaper(comesBack(sorted, sums, first, last));
            }
        }
        int ahead = best.from == 0 ? 0 : (int) Math.ceilDiv(coldStart.toMillis(), 1000) + 1;
        return new KeepAlive(
                LINGER, Duration.ofSeconds(Math.max(0, best.from - ahead)), Duration.ofSeconds(best.until));
    }

    private record Window(int from, int until, long cost) {
        Window cheaper(Window other) {
            return other.cost < cost ? other : this;
        }
    }

    private static Window stays(int[] sorted, long[] sums, int last) {
        int until = sorted[last] + margin(sorted[last], sorted[last]);
        return new Window(0, until, cost(sorted, sums, 0, until));
    }

    private static Window comesBack(int[] sorted, long[] sums, int first, int last) {
        int margin = margin(sorted[last], sorted[last] - sorted[first]);
        int from = sorted[first] - margin;
        int until = sorted[last] + margin;
        return from < LINGER.toSeconds() + SHORTEST_AWAY_SECONDS
                ? new Window(0, until, Long.MAX_VALUE)
                : new Window(from, until, cost(sorted, sums, from, until));
    }

    /** The next event may come a little before the earliest that was seen, or after the latest. */
    private static int margin(int idle, int width) {
        return 2 + idle / 1000 + width / 10;
    }

    /** In seconds of an instance: what its waiting for all those events would have cost, and their cold starts. */
    private static long cost(int[] sorted, long[] sums, int from, int until) {
        int early = from == 0 ? 0 : below(sorted, from);
        int met = below(sorted, until);
        int late = sorted.length - met;
        long linger = from == 0 ? 0 : LINGER.toSeconds();
        long waited = linger * sorted.length
                + (sums[met] - sums[early])
                - (long) from * (met - early)
                + (long) (until - from) * late;
        return waited + (long) COLD_START_SECONDS * (early + late);
    }

    private static int below(int[] sorted, int limit) {
        int at = Arrays.binarySearch(sorted, limit);
        int index = at < 0 ? -at - 1 : at;
        while (index > 0 && sorted[index - 1] == limit) {
            index--;
        }
        return index;
    }
}
