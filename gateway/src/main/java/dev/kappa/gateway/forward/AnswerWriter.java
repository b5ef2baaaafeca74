package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.http.ErrorWriter;
import dev.kappa.lambda.AwsError;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Writes the answer of an event as the Invoke API does. */
public final class AnswerWriter {
    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence EXECUTED_VERSION = HttpHeaders.createOptimized("X-Amz-Executed-Version");

    private AnswerWriter() {}

    /**
     * Ends a response.
     *
     * @param response whose head was not written yet
     * @param version what ran, for {@code X-Amz-Executed-Version}
     * @param answer what came of it; not {@link Answer.Moved}
     */
    public static void write(HttpServerResponse response, String version, Answer answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        switch (answer) {
            case Answer.Executed executed -> executed(response, version, executed);
            case Answer.Throttled throttled -> ErrorWriter.write(response, AwsError.throttled(throttled.reason()));
            case Answer.Failed failed ->
                ErrorWriter.write(response, AwsError.service(failed.status(), failed.message()));
            case Answer.Moved moved ->
                ErrorWriter.write(response, AwsError.service(500, "The function's gateways are changing; try again."));
        }
    }

    private static void executed(HttpServerResponse response, String version, Answer.Executed executed) {
        response.setStatusCode(200).putHeader(CONTENT_TYPE, JSON).putHeader(EXECUTED_VERSION, version);
        if (executed.functionError() != null) {
            response.putHeader("X-Amz-Function-Error", executed.functionError());
        }
        if (executed.logResult() != null) {
            response.putHeader("X-Amz-Log-Result", executed.logResult());
        }
        if (executed.traceId() != null) {
            response.putHeader(Wire.TRACE_ID, executed.traceId());
        }
        if (executed.coldStart() != null) {
            response.putHeader("X-Kappa-Cold-Start", executed.coldStart().header());
        }
        response.end(executed.payload());
    }
}
