package dev.kappa.gateway.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher must know of a version.
 *
 * @param revision revision that new events run on, null while the operator has not written one
 * @param timeoutSeconds after how many seconds the shim stops an event
 * @param reserved limit of concurrent events over all versions of the function, null for none
 * @param notReady why the version is not Ready, in the words of its condition; null if it is or nothing is known
 * @param noPods why none of its instances can start, in the words of a condition; null if nothing hinders them
 * @param payloadOfSeat bytes of payload that an instance bears for each event that it runs at once
 */
public record VersionConfig(
        @Nullable String revision,
        int timeoutSeconds,
        @Nullable Integer reserved,
        @Nullable String notReady,
        @Nullable String noPods,
        int payloadOfSeat) {
    /**
     * A version whose pods nothing hinders.
     *
     * @param revision revision that new events run on, null while the operator has not written one
     * @param timeoutSeconds after how many seconds the shim stops an event
     * @param reserved limit of concurrent events over all versions of the function, null for none
     * @param notReady why the version is not Ready, null if it is or nothing is known
     */
    public VersionConfig(
            @Nullable String revision, int timeoutSeconds, @Nullable Integer reserved, @Nullable String notReady) {
        this(revision, timeoutSeconds, reserved, notReady, null, Integer.MAX_VALUE);
    }

    /** How many events of usual size an event of this length weighs as much as: an instance runs the fewer at once. */
    int seats(int payloadBytes) {
        return Math.max(1, Math.ceilDiv(payloadBytes, payloadOfSeat));
    }
}
