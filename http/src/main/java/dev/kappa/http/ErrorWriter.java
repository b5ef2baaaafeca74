package dev.kappa.http;

import dev.kappa.lambda.AwsError;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;

/** Writes an error of Lambda's API as a response. */
public final class ErrorWriter {
    private ErrorWriter() {}

    /**
     * Ends a response, unless it has ended.
     *
     * @param response whose head was not written yet
     * @param error what went wrong
     */
    public static void write(HttpServerResponse response, AwsError error) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(error.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("x-amzn-ErrorType", error.type());
        if (error.retryAfterSeconds() != null) {
            response.putHeader("Retry-After", error.retryAfterSeconds().toString());
        }
        response.end(Json.encodeToBuffer(error.body()));
    }
}
