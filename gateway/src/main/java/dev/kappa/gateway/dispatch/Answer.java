package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.ThrottleReason;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** How an event ended for its caller. */
public sealed interface Answer {
    /**
     * The function ran, well or not.
     *
     * @param payload its answer or its error object; of an event with a sink what the sink did not get
     * @param functionError {@code Unhandled} for an error object, of an event with a sink Lambda's errorType; else null
     * @param logResult base64 of the end of its log, null if not asked for
     * @param traceId trace header of the answer, null if there was none
     * @param coldStart how the start went that the event waited for, null if it did not wait for one
     */
    record Executed(
            Buffer payload,
            @Nullable String functionError,
            @Nullable String logResult,
            @Nullable String traceId,
            @Nullable ColdStart coldStart)
            implements Answer {}

    /**
     * Refused with 429.
     *
     * @param reason which limit was reached
     */
    record Throttled(ThrottleReason reason) implements Answer {}

    /**
     * The platform failed.
     *
     * @param status HTTP status
     * @param message what failed, why, and what to do
     */
    record Failed(int status, String message) implements Answer {}

    /** The event did not run, because another gateway became the owner: route it again. */
    record Moved() implements Answer {}
}
