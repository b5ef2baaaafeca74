package dev.kappa.gateway.url;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.http.ErrorWriter;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.http.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the answer of a function URL to its caller. */
final class UrlWriter {
    private static final CharSequence REASON = HttpHeaders.createOptimized("X-Kappa-Error");
    private static final String OF_CORS = "access-control-";
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final HttpServerResponse response;
    private final boolean isHead;
    private final boolean tells;
    private final boolean saysCors;

    /**
     * @param request of which nothing was answered yet
     * @param tells whether the caller is known and may learn why Kappa could not run the function
     * @param saysCors whether the URL's settings say which pages may call it, and not the function
     */
    UrlWriter(HttpServerRequest request, boolean tells, boolean saysCors) {
        this.response = request.response();
        this.isHead = HttpMethod.HEAD.equals(request.method());
        this.tells = tells;
        this.saysCors = saysCors;
    }

    HttpServerResponse response() {
        return response;
    }

    boolean isGone() {
        return response.ended() || response.closed();
    }

    /** Writes the whole answer. */
    void write(HttpAnswer answer) {
        if (isGone()) {
            return;
        }
        head(answer);
        if (!hasBody(answer.status())) {
            if (isHead && answer.body().length > 0) {
                response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length));
            } else if (isHead && answer.length() != null) {
                response.putHeader(HttpHeaders.CONTENT_LENGTH, answer.length());
            }
            response.end();
            return;
        }
        response.end(Buffer.buffer(answer.body()));
    }

    /** Status and headers; what the URL's CORS says stays. */
    void head(HttpAnswer answer) {
        response.setStatusCode(answer.status());
        answer.headers().forEach(header -> {
            if (!saysCors || !header.getKey().toLowerCase(Locale.ROOT).startsWith(OF_CORS)) {
                response.headers().add(header.getKey(), header.getValue());
            }
        });
        answer.cookies().forEach(cookie -> response.headers().add(HttpHeaders.SET_COOKIE, cookie));
    }

    /** Whether a caller expects one behind this head. */
    boolean hasBody(int status) {
        return !isHead && status != NO_CONTENT && status != NOT_MODIFIED;
    }

    /** The function failed, or what it answered is no HTTP. */
    void failed(@Nullable String reason) {
        if (isGone()) {
            return;
        }
        if (reason != null) {
            response.putHeader(REASON, reason);
        }
        text(502, "Internal Server Error");
    }

    private void text(int status, String text) {
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(text);
    }

    void throttled(ThrottleReason reason) {
        ErrorWriter.write(response, AwsError.throttled(reason));
    }

    /** Kappa could not run the function; why is for those who are known. */
    void platformFailed(int status, String why) {
        ErrorWriter.write(
                response,
                AwsError.service(
                        status,
                        tells
                                ? why
                                : "The function cannot be run now; its Function resource says why. Try again later."));
    }

    /** Writes an answer that is no function's. */
    void otherwise(Answer answer) {
        switch (answer) {
            case Answer.Executed executed -> failed(null);
            case Answer.Throttled throttled -> throttled(throttled.reason());
            case Answer.Failed failed -> platformFailed(failed.status(), failed.message());
            case Answer.Moved moved -> platformFailed(500, "The function's gateways are changing; try again.");
        }
    }
}
