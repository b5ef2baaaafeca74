package dev.kappa.sources.schedule;

import java.time.Instant;

/** What is to be done about a schedule now. */
public sealed interface Due {
    /**
     * Send the event of a tick; once it is accepted, the tick is settled.
     *
     * @param tick the time that the event has
     * @param requestId of the event, the same whoever sends it and however often
     * @param missed ticks before it that get no event, at most {@link Schedule#MOST_COUNTED}
     */
    record Run(Instant tick, String requestId, int missed) implements Due {}

    /**
     * The starting deadline passed: the tick is settled without an event.
     *
     * @param tick the last one that was missed
     * @param missed how many were, at most {@link Schedule#MOST_COUNTED}
     */
    record Missed(Instant tick, int missed) implements Due {}

    /**
     * Nothing yet.
     *
     * @param until when something is due
     */
    record Wait(Instant until) implements Due {}

    /** Nothing any more. */
    record Over() implements Due {}
}
