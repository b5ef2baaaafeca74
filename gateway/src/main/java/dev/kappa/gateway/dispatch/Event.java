package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to an instance.
 *
 * @param requestId a UUID
 * @param version the version it runs on
 * @param payload JSON
 * @param invokedArn the ARN that the caller named
 * @param clientContext base64 as it came, null if there was none
 * @param traceId trace header as it came, null if there was none
 * @param tail whether the answer carries the end of the log
 * @param arrivedAtMs when the call came to the first gateway, epoch milliseconds
 * @param background whether no caller waits: it lets the events of callers pass, and counts as concurrent only while it
 *     runs
 * @param waitsUntilMs until when one without a caller waits for an instance, epoch milliseconds
 * @param sink takes the answer as it comes; null if the caller waits for all of it
 */
public record Event(
        String requestId,
        VersionKey version,
        Buffer payload,
        String invokedArn,
        @Nullable String clientContext,
        @Nullable String traceId,
        boolean tail,
        long arrivedAtMs,
        boolean background,
        long waitsUntilMs,
        @Nullable AnswerSink sink) {
    /**
     * An event whose answer is kept until it is complete.
     *
     * @param requestId a UUID
     * @param version the version it runs on
     * @param payload JSON
     * @param invokedArn the ARN that the caller named
     * @param clientContext base64 as it came, null if there was none
     * @param traceId trace header as it came, null if there was none
     * @param tail whether the answer carries the end of the log
     * @param arrivedAtMs when the call came to the first gateway, epoch milliseconds
     * @param background whether no caller waits
     * @param waitsUntilMs until when one without a caller waits for an instance, epoch milliseconds
     */
    public Event(
            String requestId,
            VersionKey version,
            Buffer payload,
            String invokedArn,
            @Nullable String clientContext,
            @Nullable String traceId,
            boolean tail,
            long arrivedAtMs,
            boolean background,
            long waitsUntilMs) {
        this(
                requestId,
                version,
                payload,
                invokedArn,
                clientContext,
                traceId,
                tail,
                arrivedAtMs,
                background,
                waitsUntilMs,
                null);
    }

    /**
     * The same event, whose answer is taken as it comes.
     *
     * @param taker takes it
     * @return a copy
     */
    public Event streamedTo(AnswerSink taker) {
        return new Event(
                requestId,
                version,
                payload,
                invokedArn,
                clientContext,
                traceId,
                tail,
                arrivedAtMs,
                background,
                waitsUntilMs,
                taker);
    }

    /**
     * An event whose caller waits.
     *
     * @param requestId a UUID
     * @param version the version it runs on
     * @param payload JSON
     * @param invokedArn the ARN that the caller named
     * @param clientContext base64 as it came, null if there was none
     * @param traceId trace header as it came, null if there was none
     * @param tail whether the answer carries the end of the log
     * @param arrivedAtMs when the call came to the first gateway, epoch milliseconds
     */
    public Event(
            String requestId,
            VersionKey version,
            Buffer payload,
            String invokedArn,
            @Nullable String clientContext,
            @Nullable String traceId,
            boolean tail,
            long arrivedAtMs) {
        this(requestId, version, payload, invokedArn, clientContext, traceId, tail, arrivedAtMs, false, 0);
    }
}
