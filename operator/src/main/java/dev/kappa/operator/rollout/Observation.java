package dev.kappa.operator.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout is decided on.
 *
 * @param blueInstances what blue runs now
 * @param notReady why green cannot take over what blue runs, null if it can
 * @param alarms what green's events show
 * @param hook how the hook of this phase ended
 */
public record Observation(int blueInstances, @Nullable String notReady, Judgement alarms, Hook hook) {
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
