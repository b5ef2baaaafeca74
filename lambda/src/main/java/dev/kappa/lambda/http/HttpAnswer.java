package dev.kappa.lambda.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer, as a function gave it in payload format 2.0.
 *
 * @param status of 200 to 599
 * @param headers names and values, without those of the connection and without {@code Content-Length}
 * @param length of the body, as the function says in {@code Content-Length}, which counts where an answer has no body; null if it does
 *     not say
 * @param cookies values of {@code Set-Cookie}
 * @param body all of it
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
public record HttpAnswer(
        int status,
        List<Map.Entry<String, String>> headers,
        @Nullable String length,
        List<String> cookies,
        byte[] body) {
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    // A body is a string; an answer has a limit of its own.
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final int OK = 200;

    /**
     * Reads what a function answered: an object with {@code statusCode} says what the answer is; anything else is the body of one
     * with the status 200, as JSON, but for a string, which is the text itself.
     *
     * @param payload of the function
     * @return what the caller gets
     * @throws MalformedAnswerException if it is no JSON, or a part has the wrong form
     */
    public static HttpAnswer of(byte[] payload) throws MalformedAnswerException {
        try (JsonParser parser = JSON.createParser(payload)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                AnswerFields fields = AnswerFields.read(parser, payload);
                end(parser);
                return fields.saysStatus() ? fields.answer() : inferred(compact(payload, 0, payload.length));
            }
            if (first == JsonToken.VALUE_STRING) {
                HttpAnswer text = inferred(parser.getText().getBytes(StandardCharsets.UTF_8));
                end(parser);
                return text;
            }
            if (first != null) {
                parser.skipChildren();
            }
            end(parser);
            return inferred(compact(payload, 0, payload.length));
        } catch (IOException e) {
            throw new MalformedAnswerException("The function's answer is no JSON.");
        }
    }

    private static void end(JsonParser parser) throws IOException, MalformedAnswerException {
        if (parser.nextToken() != null) {
            throw new MalformedAnswerException("The function's answer has something behind its JSON.");
        }
    }

    private static HttpAnswer inferred(byte[] body) {
        return new HttpAnswer(OK, List.of(Map.entry("Content-Type", "application/json")), null, List.of(), body);
    }

    /** The same JSON without white space between its parts. */
    static byte[] compact(byte[] json, int from, int until) {
        byte[] compact = new byte[until - from];
        int length = 0;
        boolean quoted = false;
        for (int i = from; i < until; i++) {
            byte b = json[i];
            if (quoted && b == '\\') {
                compact[length++] = b;
                b = json[++i];
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && (b == ' ' || b == '\n' || b == '\r' || b == '\t')) {
                continue;
            }
            compact[length++] = b;
        }
        return length == compact.length ? compact : Arrays.copyOf(compact, length);
    }
}
