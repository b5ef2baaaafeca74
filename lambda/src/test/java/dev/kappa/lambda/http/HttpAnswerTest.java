package dev.kappa.lambda.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {
    private static HttpAnswer answer(String payload) throws MalformedAnswerException {
        return HttpAnswer.of(payload.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(HttpAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"ü \\\"x\\\" \"            | ü \"x\" ",
                "[\"hello\", 3, true]        | [\"hello\",3,true]",
                "{\"a b\": 1.50, \"c\": [ ]} | {\"a b\":1.50,\"c\":[]}",
                "{\"a\\\" \": \"\\\\ \" }    | {\"a\\\" \":\"\\\\ \"}",
                "null                        | null",
                "12                          | 12",
                "{\"body\": \"x\"}           | {\"body\":\"x\"}",
                "{\"headers\": 1}            | {\"headers\":1}"
            })
    void withoutAStatusTheJsonIsTheBody(String payload, String expected) throws MalformedAnswerException {
        HttpAnswer answer = answer(payload);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsExactly(Map.entry("Content-Type", "application/json"));
        assertThat(body(answer).strip()).isEqualTo(expected.strip());
    }

    @Test
    void withAStatusItSaysWhatTheAnswerIs() throws MalformedAnswerException {
        HttpAnswer answer = answer("""
                {"cookies": ["a=1; Path=/", "b=2"], "statusCode": 201, "body": "hé",
                 "headers": {"Content-Type": "text/html", "X-Number": 7, "X-True": true, "X-None": null,
                             "Connection": "close", "Transfer-Encoding": "chunked", "Content-Length": "999"}}
                """);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.headers())
                .containsExactly(
                        Map.entry("Content-Type", "text/html"),
                        Map.entry("X-Number", "7"),
                        Map.entry("X-True", "true"));
        assertThat(answer.length()).isEqualTo("999");
        assertThat(answer.cookies()).containsExactly("a=1; Path=/", "b=2");
        assertThat(body(answer)).isEqualTo("hé");
    }

    @Test
    void aBodyMayBeBinaryOrJsonOrNothing() throws MalformedAnswerException {
        assertThat(answer("{\"statusCode\": 200, \"isBase64Encoded\": true, \"body\": \"AP8=\"}")
                        .body())
                .containsExactly(0, 0xff);
        assertThat(body(answer("{\"statusCode\": \"418\", \"body\": {\"a\": [1, {\"b\": 2}]}, \"more\": 1}")))
                .isEqualTo("{\"a\":[1,{\"b\":2}]}");
        assertThat(body(answer("{\"statusCode\": 200, \"body\": 12}"))).isEqualTo("12");
        assertThat(answer("").body()).isEmpty();
        for (String body : new String[] {"", ", \"body\": null", ", \"headers\": null, \"cookies\": null"}) {
            HttpAnswer answer = answer("{\"statusCode\": 204" + body + "}");
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).containsExactly(Map.entry("Content-Type", "application/json"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "no json",
                "{} {}",
                "\"a\" 1",
                "{\"statusCode\": 101}",
                "{\"statusCode\": 600}",
                "{\"statusCode\": \"ok\"}",
                "{\"statusCode\": {}}",
                "{\"statusCode\": null}",
                "{\"statusCode\": 200, \"headers\": []}",
                "{\"statusCode\": 200, \"headers\": {\"a\": [\"b\"]}}",
                "{\"statusCode\": 200, \"headers\": {\"a b\": \"c\"}}",
                "{\"statusCode\": 200, \"headers\": {\"\": \"c\"}}",
                "{\"statusCode\": 200, \"headers\": {\"a\": \"b\\r\\nc: d\"}}",
                "{\"statusCode\": 200, \"cookies\": \"a=1\"}",
                "{\"statusCode\": 200, \"cookies\": [1]}",
                "{\"statusCode\": 200, \"cookies\": [[\"a\"]]}",
                "{\"statusCode\": 200, \"cookies\": [\"a=1\\r\\nb: c\"]}",
                "{\"statusCode\": 200, \"isBase64Encoded\": true, \"body\": \"a\"}"
            })
    void whatIsNoAnswerIsRefused(String payload) {
        assertThatThrownBy(() -> answer(payload))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageStartingWith("The function's answer ");
    }

    @Test
    void aPreludeComesInPieces() throws MalformedAnswerException {
        StreamPrelude prelude = new StreamPrelude();
        byte[] all =
                "{\"statusCode\": 201, \"headers\": {\"content-type\": \"text/plain\"}, \"cookies\": [\"a=1\"]}\0\0\0\0\0\0\0\0body\0"
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < all.length - 6; i++) {
            assertThat(prelude.take(new byte[] {all[i]})).isNull();
        }
        StreamPrelude.Begun begun = requireNonNull(prelude.take(Arrays.copyOfRange(all, all.length - 6, all.length)));

        assertThat(begun.head().status()).isEqualTo(201);
        assertThat(begun.head().headers()).containsExactly(Map.entry("content-type", "text/plain"));
        assertThat(begun.head().cookies()).containsExactly("a=1");
        assertThat(new String(begun.rest(), StandardCharsets.UTF_8)).isEqualTo("body\0");
    }

    @Test
    void aPreludeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new StreamPrelude().take(new byte[70_000]))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageContaining("does not begin");
        byte[] long_ = "x".repeat(70_000).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new StreamPrelude().take(long_))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageContaining("eight NUL");
    }
}
