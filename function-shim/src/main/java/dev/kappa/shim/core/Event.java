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
 * @param input the JSON document
 * @param deadlineMs when its time is up, epoch milliseconds
 * @param log what it logs
 * @param tenantId whose event it is, null if nobody said
 * @param stream takes its answer piece by piece, null if its caller waits for all of it
 */
public record Event(
        String requestId,
        String invokedArn,
        @Nullable String clientContext,
        @Nullable String traceId,
        Payload input,
        long deadlineMs,
        EventLog log,
        @Nullable String tenantId,
        @Nullable StreamedAnswer stream) {

    /** An event whose caller waits for all of its answer. */
    public Event(
            String requestId,
            String invokedArn,
            @Nullable String clientContext,
            @Nullable String traceId,
            Payload input,
            long deadlineMs,
            EventLog log) {
        this(requestId, invokedArn, clientContext, traceId, input, deadlineMs, log, null, null);
    }

    /** The same with another deadline. */
    public Event until(long otherDeadlineMs) {
        return new Event(requestId, invokedArn, clientContext, traceId, input, otherDeadlineMs, log, tenantId, stream);
    }

    /** The JSON document, never changed. */
    public byte[] payload() {
        return input.bytes();
    }

    public long remainingMs() {
        return Math.max(0, deadlineMs - System.currentTimeMillis());
    }
}
