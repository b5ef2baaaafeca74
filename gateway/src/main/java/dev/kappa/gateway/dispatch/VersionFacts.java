package dev.kappa.gateway.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher must know of a version.
 *
 * @param revision revision that new events run on, null while the operator has not written one
 * @param timeoutSeconds after how many seconds the shim stops an event
 * @param reserved limit of concurrent events over all versions of the function, null for none
 * @param notReady why the version is not Ready, in the words of its condition; null if it is or nothing is known
 */
public record VersionFacts(
        @Nullable String revision,
        int timeoutSeconds,
        @Nullable Integer reserved,
        @Nullable String notReady) {}
