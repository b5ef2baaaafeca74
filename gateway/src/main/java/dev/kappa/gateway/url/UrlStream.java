package dev.kappa.gateway.url;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.AnswerSink;
import dev.kappa.gateway.forward.EventStreamWriter;
import dev.kappa.gateway.forward.Receiver;
import dev.kappa.http.BodySink;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Reply;
import dev.kappa.lambda.EventStreamReader;
import dev.kappa.lambda.http.HttpAnswer;
import dev.kappa.lambda.http.MalformedAnswerException;
import dev.kappa.lambda.http.StreamPrelude;
import dev.kappa.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller of a function URL who gets the answer as the handler writes it; lives on the caller's event loop. */
final class UrlStream implements Receiver, AnswerSink {
    private static final Logger LOG = LoggerFactory.getLogger(UrlStream.class);
    private static final int OK = 200;
    /** Of an answer that comes in one piece. */
    private static final String JSON = "application/json";

    private final UrlWriter writer;
    private final HomeLoop home;
    private @Nullable StreamPrelude prelude;
    private String contentType = JSON;
    private boolean begun;
    private boolean hasBody;
    /** What the function answered is no HTTP; the rest is thrown away. */
    private boolean broken;

    private @Nullable Forwarded forwarded;

    UrlStream(UrlWriter writer, HomeLoop home) {
        this.writer = writer;
        this.home = home;
    }

    @Override
    public void begin(@Nullable String type) {
        home.run(() -> {
            contentType = type == null ? JSON : type;
            prelude = contentType.startsWith(StreamPrelude.CONTENT_TYPE) ? new StreamPrelude() : null;
        });
    }

    @Override
    public void piece(Buffer piece, Runnable taken) {
        home.run(() -> write(piece, taken));
    }

    private void write(Buffer piece, Runnable taken) {
        if (isGone() || broken || piece.length() == 0) {
            taken.run(); // the function runs on without its caller, as on Lambda
            return;
        }
        Buffer body = begun ? piece : opened(piece);
        if (body == null || body.length() == 0 || !hasBody) {
            taken.run();
        } else {
            writer.response().write(body).onComplete(written -> taken.run());
        }
    }

    /** Writes the head once it is known; returns what is left for the body. */
    private @Nullable Buffer opened(Buffer piece) {
        if (prelude == null) {
            head(new HttpAnswer(OK, List.of(Map.entry("Content-Type", contentType)), null, List.of(), new byte[0]));
            return piece;
        }
        try {
            StreamPrelude.Begun answer = prelude.take(piece.getBytes());
            if (answer == null) {
                return null;
            }
            head(answer.head());
            return Buffer.buffer(answer.rest());
        } catch (MalformedAnswerException e) {
            broken = true;
            writer.failed(e.getMessage());
            return null;
        }
    }

    private void head(HttpAnswer answer) {
        begun = true;
        hasBody = writer.hasBody(answer.status());
        writer.head(answer);
        if (hasBody) {
            writer.response().setChunked(true);
        }
    }

    @Override
    public boolean isGone() {
        return writer.isGone();
    }

    @Override
    public void answered(Answer answer) {
        if (isGone()) {
            return;
        }
        if (!(answer instanceof Answer.Executed executed) || executed.functionError() != null) {
            failed(answer);
        } else if (begun) {
            end(executed.payload());
        } else if (prelude != null && prelude.isIncomplete()) {
            writer.failed("The function's streamed answer ended before its body: it has no eight NUL bytes.");
        } else {
            // A handler that does not stream answers in one piece, which is the body as it is.
            writer.write(new HttpAnswer(
                    OK,
                    List.of(Map.entry("Content-Type", JSON)),
                    null,
                    List.of(),
                    executed.payload().getBytes()));
        }
    }

    private void end(Buffer rest) {
        if (hasBody && rest.length() > 0) {
            writer.response().end(rest);
        } else {
            writer.response().end();
        }
    }

    /** Behind what was written only the connection's end can tell that the rest does not come. */
    private void failed(Answer answer) {
        if (begun) {
            writer.response().reset();
        } else {
            writer.otherwise(answer);
        }
    }

    @Override
    public BodySink stream() {
        Forwarded next = new Forwarded();
        forwarded = next;
        return next;
    }

    @Override
    public void relayed(Reply reply) {
        if (forwarded == null || reply.header(Wire.STREAMED) == null) {
            answered(Replies.answer(reply));
        } else {
            answered(forwarded.answer());
        }
    }

    @Override
    public void brokeOff(String cause) {
        failed(new Answer.Failed(502, Replies.lost(cause)));
    }

    /** The same answer, as the gateway that runs the event streams it. */
    private final class Forwarded implements BodySink {
        private final EventStreamReader reader = new EventStreamReader();
        private @Nullable JsonObject complete;

        @Override
        public boolean begin(Reply head) {
            if (head.header(Wire.STREAMED) == null) {
                return false;
            }
            UrlStream.this.begin(head.header(EventStreamWriter.STREAMED_TYPE));
            return true;
        }

        @Override
        public void piece(Buffer piece, Runnable taken) {
            home.run(() -> {
                Buffer body = Buffer.buffer();
                try {
                    reader.take(piece.getBytes(), (type, payload) -> message(type, payload, body));
                    write(body, taken);
                } catch (RuntimeException e) {
                    LOG.error("Another gateway streams what is no event stream", e);
                    broken = true;
                    failed(new Answer.Failed(502, Replies.lost(String.valueOf(e))));
                    taken.run();
                }
            });
        }

        private void message(String type, byte[] payload, Buffer body) {
            if (type.equals("PayloadChunk")) {
                body.appendBytes(payload);
            } else {
                complete = new JsonObject(Buffer.buffer(payload));
            }
        }

        private Answer answer() {
            if (complete == null) {
                return new Answer.Failed(502, Replies.lost("its answer has no end"));
            }
            String error = complete.getString("ErrorCode");
            return new Answer.Executed(Buffer.buffer(), error, null, null, null);
        }
    }
}
