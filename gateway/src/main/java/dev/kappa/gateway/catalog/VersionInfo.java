package dev.kappa.gateway.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What invocation needs of a Version.
 *
 * @param namespace its namespace
 * @param function name of the function
 * @param number its number
 * @param timeoutSeconds after how many seconds an event is stopped
 * @param revision what its events run on, null if there is none yet
 * @param notReady message of its Ready condition if that is False, else null
 */
public record VersionInfo(
        String namespace,
        String function,
        int number,
        int timeoutSeconds,
        @Nullable String revision,
        @Nullable String notReady) {}
