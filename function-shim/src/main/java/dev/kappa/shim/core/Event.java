package dev.kappa.shim.core;

import dev.kappa.shim.log.EventLog;
import org.jspecify.annotations.Nullable;

/**
 * One event to run.
 *
 * @param requestId its UUID
 * @param invokedArn the ARN by which the caller named the function
 * @param clientContext the caller's client context as JSON, null if there was none
 * @param traceId the trace header, null if there was none
 * @param payload the JSON document, never changed
 * @param deadlineMs when its time is up, epoch milliseconds
 * @param log what it logs
 */
@SuppressWarnings("ArrayRecordComponent") // a payload of up to 6 MiB is handed through, not copied or compared
public record Event(
        String requestId,
        String invokedArn,
        @Nullable String clientContext,
        @Nullable String traceId,
        byte[] payload,
        long deadlineMs,
        EventLog log) {

    public long remainingMs() {
        return Math.max(0, deadlineMs - System.currentTimeMillis());
    }
}
