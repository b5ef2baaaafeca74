package dev.kappa.operator.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout is decided on.
 *
 * @param blueInstances what blue runs now
 * @param green what it has
 * @param alarms what green's events show
 * @param hook how the hook of this phase ended
 */
public record Observation(int blueInstances, Green green, Judgement alarms, Hook hook) {
    /** Whether green can take over. */
    public sealed interface Green {
        /**
         * Why it cannot, null if it can.
         *
         * @param instances what blue runs
         */
        @Nullable
        String missing(int instances);

        /**
         * It has no instances to count.
         *
         * @param why the reason
         */
        record Unusable(String why) implements Green {
            @Override
            public String missing(int instances) {
                return why;
            }
        }

        /**
         * It has instances, or can have some.
         *
         * @param ready those that take events
         * @param least how many its limits want at least
         * @param most how many its limits allow
         */
        record Running(int ready, int least, int most) implements Green {
            @Override
            public @Nullable String missing(int instances) {
                int wanted = Math.max(least, Math.min(instances, most));
                return ready < wanted ? ready + " of " + wanted + " instances are ready" : null;
            }
        }
    }

    /** What green's events show. */
    public sealed interface Judgement {
        /**
         * One breached limit is enough, and so is silence if none is breached.
         *
         * @param judgements of all alarms
         */
        static Judgement worst(List<Judgement> judgements) {
            Judgement worst = new Fine();
            for (Judgement judgement : judgements) {
                if (judgement instanceof Breached) {
                    return judgement;
                }
                if (judgement instanceof Silent) {
                    worst = judgement;
                }
            }
            return worst;
        }

        /** Enough events, and no limit is breached. */
        record Fine() implements Judgement {}

        /**
         * It cannot be told: too few events, or no answer.
         *
         * @param message what is missing
         */
        record Silent(String message) implements Judgement {}

        /**
         * A limit is breached.
         *
         * @param message which, and by what
         */
        record Breached(String message) implements Judgement {}
    }

    /** How a hook ended. */
    public sealed interface Hook {
        /** It runs, or there is none. */
        record Pending() implements Hook {}

        /** Green may go on. */
        record Succeeded() implements Hook {}

        /**
         * Green may not go on.
         *
         * @param message why
         */
        record Failed(String message) implements Hook {}
    }
}
