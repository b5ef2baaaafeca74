package dev.kappa.gateway.invoke;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Checks that a payload is one JSON value. */
public final class Payload {
    /** Above this an event loop would be held up for too long. */
    private static final int INLINE_BYTES = 64 * 1024;

    private static final Buffer EMPTY_OBJECT = Buffer.buffer("{}");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(AwsError.SYNC_LIMIT)
                    .maxStringLength(AwsError.SYNC_LIMIT)
                    .maxNumberLength(AwsError.SYNC_LIMIT)
                    .maxNameLength(AwsError.SYNC_LIMIT)
                    .build())
            .build();

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

    /**
     * Whether a text is one JSON value.
     *
     * @param body any bytes
     * @return false also for nothing at all
     */
    public static boolean isJson(Buffer body) {
        try {
            parse(body);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private static Buffer parse(Buffer body) {
        try (JsonParser parser = JSON.createParser(body.getBytes())) {
            int depth = 0;
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new RefusedException(AwsError.notJson("No content to map due to end-of-input"));
            }
            while (token != null) {
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                }
                token = parser.nextToken();
                if (depth == 0 && token != null) {
                    throw new RefusedException(AwsError.notJson("Trailing token (" + token + ") after the value"));
                }
            }
            return body;
        } catch (JsonProcessingException e) {
            throw new RefusedException(AwsError.notJson(
                    e.getOriginalMessage() + " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr()));
        } catch (IOException e) {
            throw new RefusedException(AwsError.notJson(String.valueOf(e.getMessage())));
        }
    }
}
