package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.AnswerSink;
import dev.kappa.http.HomeLoop;
import dev.kappa.lambda.EventStream;
import dev.kappa.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Writes the answer of an event as InvokeWithResponseStream does: a message for each piece as it comes, and one for its end. */
public final class EventStreamWriter implements AnswerSink {
    /** Content type of what the pieces are parts of; not in the head if the handler was silent until the end. */
    public static final String STREAMED_TYPE = "X-Kappa-Streamed-Type";

    private final HttpServerResponse response;
    private final HomeLoop home;
    private final String version;
    private boolean begun;
    private @Nullable String contentType;

    /**
     * A writer of one response.
     *
     * @param response whose head was not written yet
     * @param home event loop of the response
     * @param version what runs, for {@code X-Amz-Executed-Version}
     */
    public EventStreamWriter(HttpServerResponse response, HomeLoop home, String version) {
        this.response = response;
        this.home = home;
        this.version = version;
    }

    @Override
    public void begin(@Nullable String type) {
        home.run(() -> contentType = type);
    }

    @Override
    public void piece(Buffer piece, Runnable taken) {
        home.run(() -> {
            if (isGone()) {
                taken.run(); // the function runs on without its caller, as on Lambda
            } else {
                open(null);
                response.write(chunk(piece)).onComplete(written -> taken.run());
            }
        });
    }

    /**
     * Ends the response; to be called on its event loop.
     *
     * @param answer what came of the event; not {@link Answer.Moved} unless nothing was written
     */
    void end(Answer answer) {
        if (isGone()) {
            return;
        }
        if (answer instanceof Answer.Executed executed) {
            open(executed);
            if (executed.functionError() == null && executed.payload().length() > 0) {
                response.write(chunk(executed.payload()));
            }
            end(executed.functionError(), executed.payload(), executed.logResult());
        } else if (!begun) {
            AnswerWriter.write(response, version, answer);
        } else {
            String why = answer instanceof Answer.Failed failed ? failed.message() : "The event did not end.";
            end("ServiceException", Buffer.buffer(why), null);
        }
    }

    private boolean isGone() {
        return response.ended() || response.closed();
    }

    private void open(Answer.@Nullable Executed executed) {
        if (begun) {
            return;
        }
        begun = true;
        response.setStatusCode(200)
                .setChunked(true)
                .putHeader("Content-Type", EventStream.CONTENT_TYPE)
                .putHeader("X-Amz-Executed-Version", version)
                .putHeader(Wire.STREAMED, "1");
        if (contentType != null) {
            response.putHeader(STREAMED_TYPE, contentType);
        }
        if (executed != null && executed.coldStart() != null) {
            response.putHeader("X-Kappa-Cold-Start", executed.coldStart().header());
        }
        if (executed != null && executed.traceId() != null) {
            response.putHeader(Wire.TRACE_ID, executed.traceId());
        }
    }

    private static Buffer chunk(Buffer piece) {
        return Buffer.buffer(EventStream.payloadChunk(
                piece.length(), (message, offset) -> piece.getBytes(0, piece.length(), message, offset)));
    }

    private void end(@Nullable String error, Buffer details, @Nullable String logResult) {
        JsonObject complete = new JsonObject();
        if (error != null) {
            complete.put("ErrorCode", error).put("ErrorDetails", details.toString());
        }
        if (logResult != null) {
            complete.put("LogResult", logResult);
        }
        response.end(
                Buffer.buffer(EventStream.invokeComplete(complete.toBuffer().getBytes())));
    }
}
