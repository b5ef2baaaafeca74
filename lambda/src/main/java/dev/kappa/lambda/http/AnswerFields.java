package dev.kappa.lambda.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an answer in payload format 2.0, as they are read. */
final class AnswerFields {
    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;
    private static final byte[] NOTHING = {};

    private @Nullable String status;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private final List<String> cookies = new ArrayList<>();
    private @Nullable String length;
    private boolean saysType;
    private @Nullable String text;
    private byte[] json = NOTHING;
    private boolean isBase64;
    private String wrong = "";

    private AnswerFields() {}

    /**
     * Reads an object.
     *
     * @param parser at its beginning; then at its end
     * @param source what is parsed, for parts that are passed on
     */
    static AnswerFields read(JsonParser parser, byte[] source) throws IOException, MalformedAnswerException {
        AnswerFields fields = new AnswerFields();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            fields.read(name, parser, parser.nextToken(), source);
        }
        return fields;
    }

    private void read(String name, JsonParser parser, JsonToken token, byte[] source)
            throws IOException, MalformedAnswerException {
        switch (name) {
            case "statusCode" -> {
                status = token.isScalarValue() ? parser.getText() : "of an object or list";
                parser.skipChildren();
            }
            case "headers" -> headers(parser, token);
            case "cookies" -> cookies(parser, token);
            case "body" -> body(parser, token, source);
            case "isBase64Encoded" -> {
                isBase64 = token == JsonToken.VALUE_TRUE;
                parser.skipChildren();
            }
            default -> parser.skipChildren();
        }
    }

    private void headers(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            wrong = token == JsonToken.VALUE_NULL ? wrong : "headers that are no object";
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (value.isStructStart()) {
                wrong = "the header " + name + " with a list or object; give text, and cookies under cookies";
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                header(name, parser.getText());
            }
        }
    }

    private void header(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isToken(name) || !isPlain(value)) {
            wrong = "a header that HTTP cannot have: " + lower;
        } else if (lower.equals("content-length")) {
            length = value.chars().allMatch(c -> c >= '0' && c <= '9') && !value.isEmpty() ? value : null;
        } else if (!HttpEvent.OF_THE_CONNECTION.contains(lower)) {
            saysType |= lower.equals("content-type");
            headers.add(Map.entry(name, value));
        }
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || TOKEN.indexOf(c) >= 0);
    }

    private static boolean isPlain(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    }

    private void cookies(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            wrong = token == JsonToken.VALUE_NULL ? wrong : "cookies that are no list";
            parser.skipChildren();
            return;
        }
        for (JsonToken value = parser.nextToken(); value != JsonToken.END_ARRAY; value = parser.nextToken()) {
            if (value != JsonToken.VALUE_STRING || !isPlain(parser.getText())) {
                wrong = "a cookie that is no text of HTTP";
                parser.skipChildren();
            } else {
                cookies.add(parser.getText());
            }
        }
    }

    private void body(JsonParser parser, JsonToken token, byte[] source) throws IOException {
        text = null;
        json = NOTHING;
        if (token == JsonToken.VALUE_STRING) {
            text = parser.getText();
        } else if (token != JsonToken.VALUE_NULL) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            if (!token.isStructStart()) {
                json = parser.getText().getBytes(StandardCharsets.UTF_8);
            } else {
                json = HttpAnswer.compact(
                        source, from, (int) parser.currentLocation().getByteOffset());
            }
        }
    }

    /** Whether the object says what the answer is. */
    boolean saysStatus() {
        return status != null;
    }

    /** Status and headers of a streamed answer, whose body follows; 200 unless it says otherwise. */
    HttpAnswer head() throws MalformedAnswerException {
        status = status == null ? "200" : status;
        text = null;
        json = NOTHING;
        return answer();
    }

    HttpAnswer answer() throws MalformedAnswerException {
        if (!wrong.isEmpty()) {
            throw new MalformedAnswerException("The function's answer has " + wrong + ".");
        }
        if (!saysType) {
            headers.add(Map.entry("Content-Type", "application/json"));
        }
        return new HttpAnswer(status(), headers, length, cookies, body());
    }

    private int status() throws MalformedAnswerException {
        try {
            int number = Integer.parseInt(String.valueOf(status));
            if (number >= LEAST_STATUS && number <= MOST_STATUS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // is told below
        }
        throw new MalformedAnswerException(
                "The function's answer has the statusCode " + status + ", which is no number of 200 to 599.");
    }

    private byte[] body() throws MalformedAnswerException {
        if (text == null) {
            return json;
        }
        if (!isBase64) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedAnswerException(
                    "The function's answer says isBase64Encoded, but its body is no base64: encode it, or leave that out.");
        }
    }
}
