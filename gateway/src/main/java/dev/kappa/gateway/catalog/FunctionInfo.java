package dev.kappa.gateway.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What invocation needs of a Function.
 *
 * @param namespace its namespace
 * @param name its name
 * @param timeoutSeconds after how many seconds an event is stopped
 * @param reserved limit of concurrent events over all versions, null for none
 * @param revision what new events of {@code $LATEST} run on, null if there is none yet
 * @param notReady message of its Ready condition if that is False, else null
 */
public record FunctionInfo(
        String namespace,
        String name,
        int timeoutSeconds,
        @Nullable Integer reserved,
        @Nullable String revision,
        @Nullable String notReady) {}
