package dev.kappa.lambda.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpEventTest {
    private static final HttpCall.Context CONTEXT =
            new HttpCall.Context("id-1", 1_583_348_638_390L, "abc", "abc.lambda-url.example.com", "$default", null);

    private static String event(String query, byte[] body, String... headers) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(Map.entry(headers[i], headers[i + 1]));
        }
        HttpCall call = new HttpCall("POST", "/my/p%20ath", query, "HTTP/1.1", all, body, "192.0.2.7");
        return new String(HttpEvent.write(call, CONTEXT), StandardCharsets.UTF_8);
    }

    @Test
    void isThatOfLambdasFunctionUrls() {
        String event = event(
                "a=1&b=x%20y&a=2+3&c",
                "{\"ü\": 1}".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json; charset=utf-8",
                "User-Agent",
                "curl",
                "Cookie",
                "one=1; two=2",
                "X-Many",
                "first",
                "x-many",
                "second",
                "Connection",
                "keep-alive");

        assertThat(event)
                .isEqualTo("{\"version\":\"2.0\",\"routeKey\":\"$default\",\"rawPath\":\"/my/p%20ath\","
                        + "\"rawQueryString\":\"a=1&b=x%20y&a=2+3&c\",\"cookies\":[\"one=1\",\"two=2\"],"
                        + "\"headers\":{\"content-type\":\"application/json; charset=utf-8\",\"user-agent\":\"curl\","
                        + "\"x-many\":\"first,second\"},"
                        + "\"queryStringParameters\":{\"a\":\"1,2 3\",\"b\":\"x y\",\"c\":\"\"},"
                        + "\"requestContext\":{\"accountId\":\"anonymous\",\"apiId\":\"abc\","
                        + "\"domainName\":\"abc.lambda-url.example.com\",\"domainPrefix\":\"abc\","
                        + "\"http\":{\"method\":\"POST\",\"path\":\"/my/p%20ath\",\"protocol\":\"HTTP/1.1\","
                        + "\"sourceIp\":\"192.0.2.7\",\"userAgent\":\"curl\"},\"requestId\":\"id-1\","
                        + "\"routeKey\":\"$default\",\"stage\":\"$default\","
                        + "\"time\":\"04/Mar/2020:19:03:58 +0000\",\"timeEpoch\":1583348638390},"
                        + "\"body\":\"{\\\"ü\\\": 1}\",\"isBase64Encoded\":false}");
    }

    @Test
    void whatIsNotThereIsAbsent() {
        assertThat(event("", new byte[0]))
                .contains("\"rawQueryString\":\"\"", "\"headers\":{}", "\"isBase64Encoded\":false")
                .doesNotContain("cookies", "queryStringParameters", "\"body\"", "authorizer");
    }

    @Test
    void aCallerWhoIsKnownIsInTheContext() {
        HttpCall call = new HttpCall("GET", "/", "", "HTTP/1.1", List.of(), new byte[0], "192.0.2.7");
        HttpCall.Identity ada =
                new HttpCall.Identity("AKIA", "123456789012", "arn:aws:iam::123456789012:role/ada", "ada");

        assertThat(new String(
                        HttpEvent.write(call, new HttpCall.Context("id", 0, "abc", "host", "$default", ada)),
                        StandardCharsets.UTF_8))
                .contains(
                        "\"accountId\":\"123456789012\",\"apiId\":\"abc\",\"authorizer\":{\"iam\":{\"accessKey\":\"AKIA\","
                                + "\"accountId\":\"123456789012\",\"callerId\":\"ada\",\"cognitoIdentity\":null,"
                                + "\"principalOrgId\":null,\"userArn\":\"arn:aws:iam::123456789012:role/ada\",\"userId\":\"ada\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, false",
        "TEXT/HTML; charset=utf-8, false",
        "application/json, false",
        "application/vnd.api+json, false",
        "image/svg+xml, false",
        "application/octet-stream, true",
        "application/x-www-form-urlencoded, true",
        "multipart/form-data; boundary=text, true",
        ", true"
    })
    void textStaysText(String type, boolean base64) {
        byte[] body = "hi".getBytes(StandardCharsets.UTF_8);
        String event = type == null ? event("", body) : event("", body, "content-type", type);

        assertThat(event)
                .contains("\"body\":\"" + (base64 ? "aGk=" : "hi") + "\"", "\"isBase64Encoded\":" + base64 + "}");
    }

    @Test
    void whatIsNoUtf8IsNoText() {
        assertThat(event("", new byte[] {(byte) 0xe9}, "content-type", "text/plain; charset=iso-8859-1"))
                .contains("\"body\":\"6Q==\",\"isBase64Encoded\":true");
    }

    @Test
    void aBrokenQueryIsTakenAsItCame() {
        assertThat(event("a=%zz&=1&&b==", new byte[0]))
                .contains("\"queryStringParameters\":{\"a\":\"%zz\",\"\":\"1\",\"b\":\"=\"}");
    }
}
