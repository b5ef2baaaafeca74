package dev.kappa.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** Checks that a payload is one JSON value. */
public final class JsonPayload {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Quotas.SYNC_PAYLOAD_BYTES)
                    .maxStringLength(Quotas.SYNC_PAYLOAD_BYTES)
                    .maxNumberLength(Quotas.SYNC_PAYLOAD_BYTES)
                    .maxNameLength(Quotas.SYNC_PAYLOAD_BYTES)
                    .build())
            .build();

    private JsonPayload() {}

    /**
     * Whether a text is one JSON value.
     *
     * @param body any bytes
     * @return false also for nothing at all
     */
    public static boolean isJson(byte[] body) {
        try {
            check(body);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    /**
     * Refuses what is not one JSON value.
     *
     * @param body any bytes
     * @throws RefusedException 400 InvalidRequestContentException with what the parser says
     */
    public static void check(byte[] body) {
        check(body, 0, body.length);
    }

    /**
     * Refuses what is not one JSON value.
     *
     * @param bytes hold the value, in any encoding that JSON may have
     * @param from where it begins
     * @param length how many bytes it has
     * @throws RefusedException 400 InvalidRequestContentException with what the parser says
     */
    public static void check(byte[] bytes, int from, int length) {
        // A parser makes names and numbers of what it reads: only what the scan does not accept is worth that.
        if (!JsonScan.accepts(bytes, from, length)) {
            parse(bytes, from, length);
        }
    }

    private static void parse(byte[] bytes, int from, int length) {
        try (JsonParser parser = JSON.createParser(bytes, from, length)) {
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
        } catch (JsonProcessingException e) {
            throw new RefusedException(AwsError.notJson(JsonErrors.text(e)));
        } catch (IOException e) {
            throw new RefusedException(AwsError.notJson(String.valueOf(e.getMessage())));
        }
    }
}
