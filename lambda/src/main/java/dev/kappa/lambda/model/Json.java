package dev.kappa.lambda.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.kappa.lambda.JsonErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON as maps, lists, strings, numbers, booleans and null. */
final class Json {
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    // A package of code is a string; whoever reads the body limits its length.
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(100)
                    .build())
            .build();

    private Json() {}

    /** The text is no JSON. */
    static final class NotJsonException extends Exception {
        private static final long serialVersionUID = 1;

        NotJsonException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads one value.
     *
     * @throws NotJsonException if there is none, or more than one
     */
    static @Nullable Object read(byte[] text) throws NotJsonException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new NotJsonException("No content to map due to end-of-input");
            }
            Object value = value(parser);
            JsonToken more = parser.nextToken();
            if (more != null) {
                throw new NotJsonException("Trailing token (" + more + ") after the value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new NotJsonException(JsonErrors.text(e));
        } catch (IOException e) {
            throw new NotJsonException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        ? parser.getNumberValue()
                        : parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }
}
