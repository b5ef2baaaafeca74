package dev.kappa.gateway.url;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.forward.Receiver;
import dev.kappa.gateway.forward.Router;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Reply;
import dev.kappa.lambda.http.HttpAnswer;
import dev.kappa.lambda.http.MalformedAnswerException;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A caller of a function URL who gets the answer as a whole. */
final class UrlReceiver implements Receiver {
    /** Above this an event loop would be held up for too long. */
    private static final int INLINE_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final Router router;
    private final UrlWriter writer;
    private final HomeLoop home;

    UrlReceiver(Vertx vertx, Router router, UrlWriter writer, HomeLoop home) {
        this.vertx = vertx;
        this.router = router;
        this.writer = writer;
        this.home = home;
    }

    @Override
    public boolean isGone() {
        return writer.isGone();
    }

    @Override
    public void answered(Answer answer) {
        if (answer instanceof Answer.Executed executed && executed.functionError() == null) {
            answer(executed.payload(), executed.traceId());
        } else {
            writer.otherwise(answer);
        }
    }

    @Override
    public void relayed(Reply reply) {
        Answer answer = Replies.answer(reply);
        answered(answer);
    }

    @Override
    public void brokeOff(String cause) {
        writer.platformFailed(502, Replies.lost(cause));
    }

    private void answer(Buffer payload, @Nullable String traceId) {
        if (traceId != null && !isGone()) {
            writer.response().putHeader(Wire.TRACE_ID, traceId);
        }
        if (payload.length() <= INLINE_BYTES) {
            try {
                writer.write(HttpAnswer.of(payload.getBytes()));
            } catch (MalformedAnswerException e) {
                writer.failed(e.getMessage());
            }
            return;
        }
        Runnable written = router.hold();
        vertx.executeBlocking(() -> HttpAnswer.of(payload.getBytes()), false)
                .onSuccess(answer -> home.run(() -> writer.write(answer)))
                .onFailure(e -> home.run(() -> writer.failed(e.getMessage())))
                .onComplete(ended -> home.run(written));
    }
}
