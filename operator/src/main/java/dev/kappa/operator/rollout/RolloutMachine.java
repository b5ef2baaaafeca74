package dev.kappa.operator.rollout;

import dev.kappa.operator.rollout.Observation.Hook;
import dev.kappa.operator.rollout.Observation.Judgement;
import java.time.Duration;
import java.time.Instant;

/** Takes a rollout one transition further; a pure function of the state, what was observed, and the time. */
public final class RolloutMachine {
    private static final int ALL = 100;

    private RolloutMachine() {}

    /**
     * The next state.
     *
     * @param at the state so far
     * @param plan how the alias moves; it may have changed since the last call
     * @param seen what was observed
     * @param now the time
     * @return the same state if nothing is to change
     */
    public static Progress next(Progress at, Plan plan, Observation seen, Instant now) {
        if (!at.phase().isRunning()) {
            return at;
        }
        if (at.weight() > 0 && seen.alarms() instanceof Judgement.Breached breached) {
            return at.rolledBack("Alarm: " + breached.message(), now);
        }
        Progress kept = at.weight() < ALL ? at.keeping(seen.blueInstances()) : at;
        return switch (at.phase()) {
            case PREPARING -> prepare(kept, plan, seen, now);
            case PRE_TRAFFIC ->
                plan.preTraffic()
                        ? hook(kept, seen.hook(), "preTraffic", shifted(kept, plan, now), now)
                        : shifted(kept, plan, now);
            case SHIFTING -> shift(kept, plan, seen, now);
            case POST_TRAFFIC ->
                plan.postTraffic()
                        ? hook(kept, seen.hook(), "postTraffic", bake(kept, plan, now), now)
                        : bake(kept, plan, now);
            case BAKING -> finish(kept, plan, seen, now);
            case SUCCEEDED, ROLLED_BACK -> at;
        };
    }

    /**
     * Ends a rollout whose alias is to go to another version than green: the version that has the events stays, as the
     * blue of what comes next. That is green once it has all of them, unless blue itself is asked for.
     *
     * @param at the state so far, still running
     * @param wanted number of the version that is asked for now
     * @param now the time
     * @return succeeded if green stays, else rolled back
     */
    public static Progress redirected(Progress at, int wanted, Instant now) {
        String why = "spec.version is " + wanted + " now";
        return at.weight() == ALL && wanted != at.from()
                ? at.succeeded(why + ", and version " + at.to() + " had all events", now)
                : at.rolledBack(why, now);
    }

    private static Progress prepare(Progress at, Plan plan, Observation seen, Instant now) {
        String missing = seen.green().missing(at.instances());
        if (missing == null) {
            return plan.preTraffic()
                    ? at.with(Phase.PRE_TRAFFIC, 0, now, "The hook preTraffic judges version " + at.to())
                    : shifted(at, plan, now);
        }
        return hasPassed(plan.readyTimeout(), at.startedAt(), now)
                ? at.rolledBack(
                        "Version " + at.to() + " was not ready within "
                                + plan.readyTimeout().toSeconds() + " s: " + missing,
                        now)
                : at.waiting("Waits for version " + at.to() + ": " + missing);
    }

    private static Progress hook(Progress at, Hook hook, String name, Progress next, Instant now) {
        return switch (hook) {
            case Hook.Pending pending -> at;
            case Hook.Succeeded succeeded -> next;
            case Hook.Failed failed -> at.rolledBack("Hook " + name + ": " + failed.message(), now);
        };
    }

    private static Progress shift(Progress at, Plan plan, Observation seen, Instant now) {
        if (!hasPassed(plan.hold(at.weight()), at.since(), now)) {
            return at;
        }
        return isSilent(plan, seen) ? silent(at, seen) : shifted(at, plan, now);
    }

    private static Progress shifted(Progress at, Plan plan, Instant now) {
        int weight = plan.after(at.weight());
        if (weight < ALL) {
            return at.with(
                    Phase.SHIFTING,
                    weight,
                    now,
                    "Version " + at.to() + " gets " + weight + " % of the events for "
                            + plan.hold(weight).toSeconds() + " s");
        }
        Progress all = at.with(Phase.SHIFTING, ALL, now, at.message());
        return plan.postTraffic()
                ? all.with(
                        Phase.POST_TRAFFIC,
                        ALL,
                        now,
                        "Version " + at.to() + " gets all events; the hook postTraffic judges it")
                : bake(all, plan, now);
    }

    private static Progress bake(Progress at, Plan plan, Instant now) {
        return at.with(
                Phase.BAKING,
                ALL,
                now,
                "Version " + at.to() + " gets all events; version " + at.from() + " is kept for "
                        + plan.bake().toSeconds() + " s");
    }

    private static Progress finish(Progress at, Plan plan, Observation seen, Instant now) {
        if (!hasPassed(plan.bake(), at.since(), now)) {
            return at;
        }
        return isSilent(plan, seen)
                ? silent(at, seen)
                : at.with(Phase.SUCCEEDED, ALL, now, "Version " + at.to() + " replaced " + at.from());
    }

    private static boolean isSilent(Plan plan, Observation seen) {
        return !plan.promoteOnSilence() && seen.alarms() instanceof Judgement.Silent;
    }

    private static Progress silent(Progress at, Observation seen) {
        return seen.alarms() instanceof Judgement.Silent few
                ? at.waiting("Version " + at.to() + " stays at " + at.weight() + " % until its alarms can tell: "
                        + few.message() + " (spec.rollout.promoteOnSilence: true would go on)")
                : at;
    }

    private static boolean hasPassed(Duration time, Instant since, Instant now) {
        return Duration.between(since, now).compareTo(time) >= 0;
    }
}
