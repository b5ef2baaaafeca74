package dev.kappa.gateway.dispatch;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What came of sending an event to an instance. */
public sealed interface ShimAnswer {
    /**
     * The event ran.
     *
     * @param payload answer or error object; of an event with a sink what the sink did not get
     * @param functionError {@code Unhandled} for an error object, of an event with a sink Lambda's errorType; else null
     * @param logResult base64 of the end of its log, or null
     * @param traceId trace header, or null
     * @param durationUs time the handler ran, microseconds, 0 if not told
     * @param ending whether the environment ends with this event
     */
    record Done(
            Buffer payload,
            @Nullable String functionError,
            @Nullable String logResult,
            @Nullable String traceId,
            long durationUs,
            boolean ending)
            implements ShimAnswer {}

    /**
     * The shim proved that the event did not run.
     *
     * @param reason one of {@code Wire.REFUSED_*}
     */
    record Refused(String reason) implements ShimAnswer {}

    /**
     * No connection: the event did not run.
     *
     * @param cause in words
     */
    record NotSent(String cause) implements ShimAnswer {}

    /**
     * The connection broke after bytes may have been read: the event may have run.
     *
     * @param cause in words
     */
    record Broken(String cause) implements ShimAnswer {}

    /**
     * An answer that the contract does not know.
     *
     * @param status HTTP status
     * @param text start of the body
     */
    record Unexpected(int status, String text) implements ShimAnswer {}
}
