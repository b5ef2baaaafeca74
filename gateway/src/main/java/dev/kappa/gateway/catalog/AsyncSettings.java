package dev.kappa.gateway.catalog;

import dev.kappa.stores.events.Target;
import org.jspecify.annotations.Nullable;

/**
 * How asynchronous events are tried again and where their records go.
 *
 * @param maxRetryAttempts runs after the first one that an error of the function may have, 0 to 2
 * @param maxEventAgeMs how old an event may get, milliseconds
 * @param onSuccess gets the record of an event that was answered, null for none
 * @param onFailure gets the record of an event that was given up, null for none
 */
public record AsyncSettings(
        int maxRetryAttempts,
        long maxEventAgeMs,
        @Nullable Target onSuccess,
        @Nullable Target onFailure) {
    /** Lambda's. */
    public static final AsyncSettings DEFAULT = new AsyncSettings(2, 6 * 3_600_000L, null, null);
}
