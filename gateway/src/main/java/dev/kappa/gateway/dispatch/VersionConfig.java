package dev.kappa.gateway.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher must know of a version.
 *
 * @param revision revision that new events run on, null while the operator has not written one
 * @param timeoutSeconds after how many seconds the shim stops an event
 * @param reserved limit of concurrent events over all versions of the function, null for none
 * @param notReady why the version is not Ready, in the words of its condition; null if it is or nothing is known
 * @param noPods why the cluster gives the version no pods, in the words of its condition; null if nothing hinders it
 */
public record VersionConfig(
        @Nullable String revision,
        int timeoutSeconds,
        @Nullable Integer reserved,
        @Nullable String notReady,
        @Nullable String noPods) {
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
        this(revision, timeoutSeconds, reserved, notReady, null);
    }
}
