package dev.kappa.sources.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kappa.sources.batch.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a function's answer as Lambda does for ReportBatchItemFailures and tumbling windows. */
public final class BatchAnswers {
    private static final JsonFactory JSON = new JsonFactory();

    /** Of an item that names none; no record has it. */
    private static final String NO_ID = "";

    private BatchAnswers() {}

    /**
     * Reads an answer that was no error. Nothing, "", null, {}, [] and a null list are success; what cannot be read failed.
     *
     * @param body JSON
     * @param partialAnswers whether it tells which records failed
     * @param windows whether it has a state
     */
    public static Answer read(String body, boolean partialAnswers, boolean windows) {
        if (!partialAnswers && !windows) {
            return Answer.Success.PLAIN;
        }
        try (JsonParser parser = JSON.createParser(body)) {
            return read(parser, body, partialAnswers);
        } catch (IOException e) {
            return new Answer.FunctionError("The answer is no JSON: " + e.getMessage());
        }
    }

    /**
     * Reads the answer to records of one partition of Kafka, whose identifiers are {@code {"partition": "topic-0", "offset": 7}}.
     *
     * @param body JSON
     * @param partialAnswers whether it tells which records failed
     * @param partition as the event has it
     * @return ids are offsets; one of another partition is ""
     */
    public static Answer ofPartition(String body, boolean partialAnswers, String partition) {
        String before = inPartition(partition, "");
        Answer answer = read(body, partialAnswers, false);
        return answer instanceof Answer.Partial partial
                ? new Answer.Partial(
                        partial.failed().stream()
                                .map(id -> id.startsWith(before) ? id.substring(before.length()) : NO_ID)
                                .toList(),
                        partial.state())
                : answer;
    }

    private static String inPartition(String partition, String offset) {
        return partition + "/" + offset;
    }

    private static Answer read(JsonParser parser, String body, boolean partialAnswers) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
            return object(parser, body, partialAnswers);
        }
        boolean nothing = first == null
                || first == JsonToken.VALUE_NULL
                || (first == JsonToken.VALUE_STRING && parser.getText().isEmpty())
                || (first == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.END_ARRAY);
        return nothing
                ? Answer.Success.PLAIN
                : new Answer.FunctionError("The answer is no object with batchItemFailures or state");
    }

    private static Answer object(JsonParser parser, String body, boolean partialAnswers) throws IOException {
        List<String> failed = new ArrayList<>();
        String state = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("state")) {
                state = raw(parser, body);
            } else if (name.equals("batchItemFailures") && partialAnswers) {
                failures(parser, failed);
            } else {
                parser.skipChildren();
            }
        }
        Optional<String> next = Optional.ofNullable(state);
        return failed.isEmpty() ? new Answer.Success(next) : new Answer.Partial(failed, next);
    }

    private static @Nullable String raw(JsonParser parser, String body) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        int from = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        // Reads a scalar to its end, so that the parser stands after it.
        parser.getText();
        return body.substring(from, (int) parser.currentLocation().getCharOffset());
    }

    private static void failures(JsonParser parser, List<String> failed) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            failed.add(NO_ID);
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            failed.add(parser.currentToken() == JsonToken.START_OBJECT ? item(parser) : NO_ID);
            parser.skipChildren();
        }
    }

    private static String item(JsonParser parser) throws IOException {
        String id = NO_ID;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean names = parser.currentName().equals("itemIdentifier");
            JsonToken value = parser.nextToken();
            if (names && value == JsonToken.VALUE_STRING) {
                id = parser.getText();
            } else if (names && value == JsonToken.START_OBJECT) {
                id = ofPartition(parser);
            } else {
                parser.skipChildren();
            }
        }
        return id;
    }

    private static String ofPartition(JsonParser parser) throws IOException {
        String partition = NO_ID;
        String offset = NO_ID;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean isText = parser.nextToken().isScalarValue();
            if (name.equals("partition") && isText) {
                partition = parser.getText();
            } else if (name.equals("offset") && isText) {
                offset = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        return inPartition(partition, offset);
    }
}
