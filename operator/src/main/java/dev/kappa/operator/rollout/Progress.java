package dev.kappa.operator.rollout;

import java.time.Instant;

/**
 * State of one rollout, all of it: whoever reads it goes on where another stopped.
 *
 * @param phase where it stands
 * @param from number of blue
 * @param to number of green
 * @param attempt digest of what was asked for
 * @param weight green's share, percent
 * @param instances how many each of the two keeps
 * @param startedAt when it began
 * @param since when its phase or its step began
 * @param message why it is where it is
 */
public record Progress(
        Phase phase,
        int from,
        int to,
        String attempt,
        int weight,
        int instances,
        Instant startedAt,
        Instant since,
        String message) {
    /**
     * Begins a rollout.
     *
     * @param from number of blue
     * @param to number of green
     * @param attempt digest of what was asked for
     * @param now the time
     */
    public static Progress start(int from, int to, String attempt, Instant now) {
        return new Progress(
                Phase.PREPARING, from, to, attempt, 0, 0, now, now, "Version " + to + " is made ready beside " + from);
    }

    /**
     * Ends it with blue.
     *
     * @param why in a sentence without its stop
     * @param now the time
     */
    public Progress rolledBack(String why, Instant now) {
        return new Progress(Phase.ROLLED_BACK, from, to, attempt, 0, 0, startedAt, now, why);
    }

    /**
     * Ends it with green, without steps.
     *
     * @param why in a sentence without its stop
     * @param now the time
     */
    public Progress succeeded(String why, Instant now) {
        return with(Phase.SUCCEEDED, 100, now, why);
    }

    /**
     * The same, for another wish.
     *
     * @param wish digest of what is asked for
     */
    public Progress asAttempt(String wish) {
        return new Progress(phase, from, to, wish, weight, instances, startedAt, since, message);
    }

    /**
     * How many instances green is to have now. They start one after the other, then two, four and so on at once, so that callers of
     * blue keep their cores, and a green that does not start costs one.
     *
     * @param ready those of green that take events
     */
    public int greenInstances(int ready) {
        return phase == Phase.PREPARING ? Math.min(instances, Math.max(1, 2 * ready)) : instances;
    }

    Progress with(Phase next, int nextWeight, Instant now, String why) {
        return new Progress(next, from, to, attempt, nextWeight, instances, startedAt, now, why);
    }

    Progress waiting(String why) {
        return new Progress(phase, from, to, attempt, weight, instances, startedAt, since, why);
    }

    Progress keeping(int more) {
        return new Progress(phase, from, to, attempt, weight, Math.max(instances, more), startedAt, since, message);
    }
}
