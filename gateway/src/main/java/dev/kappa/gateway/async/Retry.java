package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.stores.events.Condition;

/**
 * What follows from a run, as Lambda does it: errors of the function are run again after one delay and after two, throttles
 * and errors of the platform with exponential backoff from 1 s to 5 min; nothing is run again that would be too old by then.
 *
 * @param firstDelayMs after how long a failed event runs again, milliseconds; the next time after twice that
 */
record Retry(long firstDelayMs) {
    /** By then the drain of who is no owner any more has ended. */
    private static final long MOVE_MS = 1_000;

    private static final long MIN_BACK_OFF_MS = 1_000;
    private static final long MAX_BACK_OFF_MS = 300_000;

    /** What is to be done. */
    sealed interface Decision {
        /**
         * The event ended.
         *
         * @param condition how
         */
        record End(Condition condition) implements Decision {}

        /**
         * It runs again.
         *
         * @param delayMs after so many milliseconds
         * @param counts whether this run counts as an attempt
         */
        record Again(long delayMs, boolean counts) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param answer of this run
     * @param settings that apply to the event
     * @param failed runs before this one that ended with an error of the function
     * @param deliveries how often the queue handed the event out, this time included
     * @param ageMs of the event, milliseconds
     */
    Decision after(Answer answer, AsyncSettings settings, int failed, long deliveries, long ageMs) {
        return switch (answer) {
            case Answer.Executed executed when executed.functionError() == null -> new Decision.End(Condition.SUCCESS);
            case Answer.Executed executed ->
                failed >= settings.maxRetryAttempts()
                        ? new Decision.End(Condition.RETRIES_EXHAUSTED)
                        : unlessTooOld(firstDelayMs << failed, true, settings, ageMs);
            case Answer.Moved moved -> new Decision.Again(MOVE_MS, false);
            case Answer.Throttled throttled -> backOff(settings, failed, deliveries, ageMs);
            case Answer.Failed broken -> backOff(settings, failed, deliveries, ageMs);
        };
    }

    private static Decision backOff(AsyncSettings settings, int failed, long deliveries, long ageMs) {
        long doublings = Math.clamp(deliveries - 1 - failed, 0, 20);
        // A gateway that ends hands out again what it had, as often as it may: that is no reason to wait longer than so
        // far.
        long longest = Math.clamp(ageMs, MIN_BACK_OFF_MS, MAX_BACK_OFF_MS);
        return unlessTooOld(Math.min(longest, MIN_BACK_OFF_MS << doublings), false, settings, ageMs);
    }

    private static Decision unlessTooOld(long delayMs, boolean counts, AsyncSettings settings, long ageMs) {
        return ageMs + delayMs > settings.maxEventAgeMs()
                ? new Decision.End(Condition.EVENT_AGE_EXCEEDED)
                : new Decision.Again(delayMs, counts);
    }
}
