package dev.kappa.http;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a body up to a limit, and refuses a longer one before it is here. */
public final class BodyReader {
    /** Clients write all of their body before they read an answer: that much is thrown away for them. */
    private static final long DISCARD_BYTES = 64L * 1024 * 1024;

    private BodyReader() {}

    /**
     * Reads the body.
     *
     * @param request not read yet, perhaps paused
     * @param limit bytes
     * @param tooLarge the error for more
     * @return the body, or a {@link RefusedException} as soon as the limit is passed
     */
    public static Future<Buffer> read(HttpServerRequest request, int limit, AwsError tooLarge) {
        Promise<Buffer> promise = Promise.promise();
        long announced = announced(request);
        if (announced > limit) {
            discard(request, 0);
            promise.fail(new RefusedException(tooLarge));
            return promise.future();
        }
        Buffer body = Buffer.buffer((int) Math.max(0, announced));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                discard(request, body.length());
                promise.tryFail(new RefusedException(tooLarge));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> promise.tryComplete(body));
        request.exceptionHandler(
                e -> promise.tryFail(new RefusedException(AwsError.invalidContent("The body ended early: " + e))));
        request.resume();
        return promise.future();
    }

    /**
     * Throws away what is left of a body, and the connection if that is too much.
     *
     * @param request whose body is not wanted
     * @param alreadyRead bytes
     */
    public static void discard(HttpServerRequest request, long alreadyRead) {
        if (request.isEnded()) {
            return;
        }
        long[] seen = {alreadyRead};
        request.handler(chunk -> {
            seen[0] += chunk.length();
            if (seen[0] > DISCARD_BYTES) {
                request.connection().close();
            }
        });
        request.endHandler(end -> {});
        request.exceptionHandler(e -> {});
        request.resume();
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
