package dev.kappa.gateway.invoke;

import dev.kappa.lambda.JsonPayload;
import dev.kappa.lambda.RefusedException;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Checks payloads without holding up an event loop. */
final class Payload {
    /** Above this an event loop would be held up for too long. */
    private static final int INLINE_BYTES = 256 * 1024;

    private static final Buffer EMPTY_OBJECT = Buffer.buffer("{}");

    private Payload() {}

    /**
     * The payload that the function gets.
     *
     * @param body what came; nothing at all means an empty object
     * @return the payload, or a {@link RefusedException}
     */
    static Future<Buffer> check(Vertx vertx, Buffer body) {
        if (body.length() == 0) {
            return Future.succeededFuture(EMPTY_OBJECT);
        }
        if (body.length() > INLINE_BYTES) {
            return vertx.executeBlocking(() -> parse(body), false);
        }
        try {
            return Future.succeededFuture(parse(body));
        } catch (RefusedException e) {
            return Future.failedFuture(e);
        }
    }

    private static Buffer parse(Buffer body) {
        ByteBuf bytes = ((BufferInternal) body).getByteBuf();
        if (bytes.hasArray()) {
            JsonPayload.check(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes());
        } else {
            JsonPayload.check(body.getBytes());
        }
        return body;
    }
}
