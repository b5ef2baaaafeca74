package dev.kappa.gateway.dispatch;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Takes what an instance answers as it comes, on the event loop of its connection; its end comes as the event's answer. */
public interface AnswerSink {
    /**
     * The answer begins.
     *
     * @param contentType as the handler says, null if it does not
     */
    default void begin(@Nullable String contentType) {}

    /**
     * The answer goes on.
     *
     * @param piece not used by anybody else any more
     * @param taken to be run once, on any thread, when the piece is written or not wanted any more; the instance waits for that
     */
    void piece(Buffer piece, Runnable taken);
}
