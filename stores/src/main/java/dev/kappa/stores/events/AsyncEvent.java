package dev.kappa.stores.events;

import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.VersionKey;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous event as the queue keeps it.
 *
 * @param requestId a UUID; the same id is the same event
 * @param version what it runs on, resolved when it was accepted
 * @param uid of the Function that it was accepted for; empty if that is not known
 * @param qualifier what the caller named: its settings apply; null for the function itself
 * @param payload JSON; whoever gets it does not write to it
 * @param invokedArn the ARN that the caller named
 * @param clientContext base64 as it came, null if there was none
 * @param traceId trace header as it came, null if there was none
 * @param caller who sent it; not proven until callers have an identity
 * @param receivedAtMs when it was accepted, epoch milliseconds
 * @param depth through how many destinations it came
 */
// Two events are compared by their request ids.
@SuppressWarnings("ArrayRecordComponent")
public record AsyncEvent(
        String requestId,
        VersionKey version,
        String uid,
        @Nullable String qualifier,
        byte[] payload,
        String invokedArn,
        @Nullable String clientContext,
        @Nullable String traceId,
        String caller,
        long receivedAtMs,
        int depth) {
    private static final int VERSION_DIGIT = 14;

    /**
     * Where it waits.
     *
     * @return key of the function's queue
     */
    public QueueKey queue() {
        return new QueueKey(version.functionKey(), uid);
    }

    /**
     * Whether its id was made from what the event is, as that of a schedule's tick: then it may come again long after the queue
     * forgot it. The ids of all others are random.
     *
     * @return for a UUID of version 3
     */
    public boolean hasDerivedId() {
        return requestId.length() > VERSION_DIGIT && requestId.charAt(VERSION_DIGIT) == '3';
    }

    /**
     * What the caller named.
     *
     * @return function and qualifier
     */
    public FunctionRef ref() {
        return new FunctionRef(version.namespace(), version.function(), qualifier);
    }
}
