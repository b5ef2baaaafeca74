package dev.kappa.http;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

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
        return read(request, limit, () -> tooLarge);
    }

    /**
     * Reads the body.
     *
     * @param request not read yet, perhaps paused
     * @param limit bytes
     * @param tooLarge makes the error for more
     * @return the body, or a {@link RefusedException} as soon as the limit is passed
     */
    public static Future<Buffer> read(HttpServerRequest request, int limit, Supplier<AwsError> tooLarge) {
        Promise<Buffer> promise = Promise.promise();
        long announced = announced(request);
        if (announced > limit) {
            discard(request, 0);
            promise.fail(new RefusedException(tooLarge.get()));
            return promise.future();
        }
        Body body = new Body((int) Math.max(0, announced));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                discard(request, body.length());
                promise.tryFail(new RefusedException(tooLarge.get()));
            } else {
                body.add(chunk);
            }
        });
        request.endHandler(end -> promise.tryComplete(body.all()));
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

    /** What came of a body; one that comes in one piece is not copied. */
    private static final class Body {
        private static final Buffer NOTHING = Buffer.buffer();

        private final int announced;
        private Buffer all = NOTHING;
        private boolean own;

        Body(int announced) {
            this.announced = announced;
        }

        int length() {
            return all.length();
        }

        void add(Buffer piece) {
            if (all.length() == 0) {
                all = piece;
                return;
            }
            if (!own) {
                all = Buffer.buffer(Math.max(announced, 2 * all.length())).appendBuffer(all);
                own = true;
            }
            all.appendBuffer(piece);
        }

        Buffer all() {
            return all;
        }
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
