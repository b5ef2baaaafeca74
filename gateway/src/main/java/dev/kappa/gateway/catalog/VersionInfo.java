package dev.kappa.gateway.catalog;

import dev.kappa.stores.events.Target;
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
 * @param noPods why none of its instances can start, in the words of a condition; null if nothing hinders them
 * @param async for asynchronous events that name it by its number, null for the function's
 * @param deadLetter where the payload goes of an event that was given up, null for nowhere else
 * @param payloadOfSeat bytes of payload that an instance bears for each event that it runs at once
 */
public record VersionInfo(
        String namespace,
        String function,
        int number,
        int timeoutSeconds,
        @Nullable String revision,
        @Nullable String notReady,
        @Nullable String noPods,
        @Nullable AsyncSettings async,
        @Nullable Target deadLetter,
        int payloadOfSeat) {
    /**
     * A version without settings for asynchronous events.
     *
     * @param namespace its namespace
     * @param function name of the function
     * @param number its number
     * @param timeoutSeconds after how many seconds an event is stopped
     * @param revision what its events run on, null if there is none yet
     * @param notReady message of its Ready condition if that is False, else null
     */
    public VersionInfo(
            String namespace,
            String function,
            int number,
            int timeoutSeconds,
            @Nullable String revision,
            @Nullable String notReady) {
        this(namespace, function, number, timeoutSeconds, revision, notReady, null, null, null, Integer.MAX_VALUE);
    }
}
