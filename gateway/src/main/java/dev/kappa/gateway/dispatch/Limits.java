package dev.kappa.gateway.dispatch;

/**
 * Bounds of the dispatcher.
 *
 * @param queue events of one version that may wait
 * @param waitMs how long one may wait, milliseconds
 * @param payloadBytes bytes of payload that all admitted events may hold together
 * @param lostAfterMs how long an instance that was ready may be silent before it counts as lost, milliseconds
 */
public record Limits(int queue, long waitMs, long payloadBytes, long lostAfterMs) {}
