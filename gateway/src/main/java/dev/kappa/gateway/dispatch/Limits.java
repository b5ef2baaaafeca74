package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.Rate;

/**
 * Bounds of the dispatcher.
 *
 * @param queue events of one version that may wait
 * @param waitMs how long one may wait, milliseconds
 * @param payloadBytes bytes of payload that all admitted events may hold together
 * @param lostAfterMs how long an instance that was ready may be silent before it counts as lost, milliseconds
 * @param functionRate how often callers may invoke a function, whatever its version
 */
public record Limits(int queue, long waitMs, long payloadBytes, long lostAfterMs, Rate functionRate) {
    /**
     * Bounds without a rate.
     *
     * @param queue events of one version that may wait
     * @param waitMs how long one may wait, milliseconds
     * @param payloadBytes bytes of payload that all admitted events may hold together
     * @param lostAfterMs how long an instance that was ready may be silent before it counts as lost, milliseconds
     */
    public Limits(int queue, long waitMs, long payloadBytes, long lostAfterMs) {
        this(queue, waitMs, payloadBytes, lostAfterMs, Rate.UNLIMITED);
    }
}
