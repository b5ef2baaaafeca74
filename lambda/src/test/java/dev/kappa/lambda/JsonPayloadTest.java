package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class JsonPayloadTest {
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100_000).build())
            .build();

    private static final String[] PIECES = {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\ud83d", "\\n", "\\x", "true", "false", "null", "tru",
                "0", "-", "1",
        "01", ".", "e", "E+", "1.5e-3", " ", "\n", "\t", "\r", "\f", "a", "é", "日", "😀", "\u0000", "\u001f", "\u007f",
                "//", "NaN",
        "'", "\uFEFF", "{}", "[]", "{\"a\":1}", "\"x\"", "\"a\":"
    };

    private static boolean jacksonAccepts(byte[] bytes) {
        try (JsonParser parser = JACKSON.createParser(bytes)) {
            int depth = 0;
            int values = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                values += depth == 0 ? 1 : 0;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            return values == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private static void compare(byte[] bytes) {
        boolean expected = jacksonAccepts(bytes);
        boolean certain = JsonScan.accepts(bytes, 0, bytes.length);
        if (JsonPayload.isJson(bytes) != expected || (certain && !expected)) {
            fail("judged otherwise than by the parser: " + Arrays.toString(bytes) + " "
                    + new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @Test
    void judgesRandomTextsAsAParserDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(9); pieces >= 0; pieces--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            compare(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void judgesDamagedValuesAsAParserDoes() {
        Random random = new Random(11);
        int valid = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            value(text, random, 0);
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(JsonPayload.isJson(bytes)).as(text.toString()).isTrue();
            valid += JsonScan.accepts(bytes, 0, bytes.length) ? 1 : 0;
            for (int damages = random.nextInt(3); damages >= 0; damages--) {
                bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "{}[],:\"\\0e.-".charAt(random.nextInt(12));
            }
            compare(bytes);
            compare(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
        assertThat(valid).isGreaterThan(2_500);
    }

    @Test
    void judgesTheBytesOfAStringAsAParserDoes() {
        int[] followers = {0, 0x1f, 0x22, 0x5c, 0x75, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
        for (int first = 0; first < 256; first++) {
            for (int second : followers) {
                compare(new byte[] {(byte) first, (byte) second});
                compare(new byte[] {'"', (byte) first, (byte) second, '"'});
                compare(new byte[] {'"', (byte) first, (byte) second, (byte) 0x80, '"'});
                compare(new byte[] {'"', (byte) first, (byte) second, (byte) 0x80, (byte) 0xbf, '"'});
                compare(new byte[] {'"', (byte) first, (byte) second, (byte) 0x80, 'x', '"'});
            }
        }
    }

    private static void value(StringBuilder text, Random random, int depth) {
        switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> string(text, random);
            case 1 -> text.append(random.nextInt(2_000) - 1_000);
            case 2 -> text.append(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
            case 3 -> text.append(new String[] {"true", "false", "null"}[random.nextInt(3)]);
            case 4 -> {
                text.append('[').append(" ".repeat(random.nextInt(2)));
                for (int i = random.nextInt(4); i > 0; i--) {
                    value(text, random, depth + 1);
                    text.append(i > 1 ? ", " : "\n");
                }
                text.append(']');
            }
            default -> {
                text.append('{');
                for (int i = random.nextInt(4); i > 0; i--) {
                    string(text, random);
                    text.append(" :");
                    value(text, random, depth + 1);
                    text.append(i > 1 ? "," : "\t");
                }
                text.append('}');
            }
        }
    }

    private static void string(StringBuilder text, Random random) {
        String[] parts = {"a", "é", "日本", "😀", "\\\"", "\\\\", "\\u00E9", "/", " ", "{", "]"};
        text.append('"');
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        text.append('"');
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void takesTheOtherEncodingsOfJson(String charset) {
        compare("{\"a\": [1, \"é\"]}".getBytes(Charset.forName(charset)));
        assertThat(JsonPayload.isJson("{\"a\": [1, \"é\"]}".getBytes(Charset.forName(charset))))
                .isTrue();
    }

    @Test
    void takesAnyDepth() {
        for (int depth : new int[] {63, 64, 65, 255, 256, 257, 5_000}) {
            compare(("[".repeat(depth) + "]".repeat(depth)).getBytes(StandardCharsets.US_ASCII));
            compare(("{\"a\":[".repeat(depth) + "]}".repeat(depth)).getBytes(StandardCharsets.US_ASCII));
            compare(("[".repeat(depth) + "]".repeat(depth - 1)).getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void looksAtNothingButTheGivenRange() {
        byte[] around = "x[1, 2]]".getBytes(StandardCharsets.US_ASCII);

        assertThat(JsonScan.accepts(around, 1, 6)).isTrue();
        assertThat(JsonScan.accepts(around, 1, 7)).isFalse();
        assertThat(JsonScan.accepts(around, 0, 7)).isFalse();
        assertThat(JsonScan.accepts(around, 1, 5)).isFalse();
        JsonPayload.check(around, 1, 6);
    }

    @Test
    void saysWhatTheParserSays() {
        assertThatThrownBy(() -> JsonPayload.check("{\"a\":}".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.error().body().get("message"))
                                .startsWith(
                                        "Could not parse request body into json: Could not parse payload into json: "
                                                + "Unexpected character ('}' (code 125))")
                                .endsWith("at line 1, column 6"));
        assertThatThrownBy(() -> JsonPayload.check("{} {}".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("Trailing token (START_OBJECT) after the value");
        String deep = "[".repeat(50_000) + "x";
        assertThatThrownBy(() -> JsonPayload.check(deep.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> JsonPayload.check(new byte[] {' '}))
                .hasMessageContaining("No content to map due to end-of-input");
    }
}
