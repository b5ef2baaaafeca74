package dev.kappa.gateway.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.AliasInfo;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.catalog.UrlSettings;
import dev.kappa.gateway.catalog.UrlSettings.Cors;
import dev.kappa.gateway.catalog.VersionInfo;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.lambda.policy.Statement;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Function URLs over HTTP, at the owner and through another gateway. */
@Timeout(120)
class UrlTest {
    private static final UrlSettings OPEN = new UrlSettings(false, false, null);
    private static final Statement EVERYBODY =
            new Statement("open", "lambda:InvokeFunctionUrl", "*", null, null, null, "NONE");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile JsonObject event = new JsonObject();
    private TestGateway owner;
    private TestGateway entry;
    private FakeShim shim;

    @BeforeEach
    void start() throws Exception {
        owner = new TestGateway(vertx, "owner", "127.0.0.1", 0, 0);
        entry = new TestGateway(vertx, "entry", "127.0.0.2", owner.internalPort(), owner.internalPort());
        shim = new FakeShim(vertx, "pod-1");
        answering("\"hi\"");
        for (TestGateway gateway : List.of(owner, entry)) {
            gateway.ring.replace(List.of(owner.peer));
        }
        url(OPEN, EVERYBODY);
        owner.dispatcher.hello(shim.hello("hello", 4), shim.address());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void url(@Nullable UrlSettings settings, Statement... statements) {
        for (TestGateway gateway : List.of(owner, entry)) {
            gateway.catalog.put(
                    new FunctionInfo("default", "hello", 3, null, "r1", null).open(List.of(statements), settings));
        }
    }

    private void answering(String answer) {
        shim.behaviour = (request, payload) -> {
            event = new JsonObject(payload);
            request.response().end(answer);
        };
    }

    private HttpRequest.Builder to(String way, String path) {
        TestGateway gateway = way.equals("owner") ? owner : entry;
        return HttpRequest.newBuilder(URI.create(gateway.urlsUrl() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void aRequestIsTheEventAndTheAnswerIsHttp(String way) throws Exception {
        answering("""
                {"statusCode": 201, "headers": {"X-Own": "a", "Content-Type": "text/plain"}, "cookies": ["a=1", "b=2"],
                 "body": "aGk=", "isBase64Encoded": true}
                """);

        HttpResponse<String> response = send(to(way, "/url/default/hello/a%20b/c?d=e")
                .header("Content-Type", "text/plain")
                .header("Cookie", "c=3")
                .header("X-Forwarded-For", "192.0.2.1")
                .header("Authorization", "Basic x")
                .POST(BodyPublishers.ofString("body")));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("hi");
        assertThat(header(response, "x-own")).isEqualTo("a");
        assertThat(header(response, "content-type")).isEqualTo("text/plain");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(header(response, "x-amzn-requestid")).isEqualTo(shim.ran.getFirst());
        JsonObject got = event;
        assertThat(got.getString("rawPath")).isEqualTo("/a%20b/c");
        assertThat(got.getString("rawQueryString")).isEqualTo("d=e");
        assertThat(got.getString("body")).isEqualTo("body");
        assertThat(got.getJsonArray("cookies")).isEqualTo(JsonArray.of("c=3"));
        JsonObject headers = got.getJsonObject("headers");
        assertThat(headers.getString("x-forwarded-for"))
                .as("no proxy is trusted")
                .startsWith("127.0.0.");
        assertThat(headers.getString("authorization")).isEqualTo("Basic x");
        assertThat(headers.getString("x-amzn-trace-id")).startsWith("Root=1-");
        JsonObject context = got.getJsonObject("requestContext");
        assertThat(context.getString("requestId")).isEqualTo(shim.ran.getFirst());
        assertThat(context.getString("apiId")).isEqualTo(FunctionUrls.id("default", "hello", null));
        assertThat(context.getJsonObject("http").getString("method")).isEqualTo("POST");
    }

    @Test
    void aHostIsAUrlToo() throws Exception {
        String host = FunctionUrls.id("default", "hello", null) + ".lambda-url.example.com";

        String answer = raw("GET /url/default/x HTTP/1.1\r\nHost: " + host + ":8080\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("hi");
        assertThat(event.getString("rawPath")).isEqualTo("/url/default/x");
        assertThat(event.getJsonObject("requestContext").getString("domainName"))
                .isEqualTo(host);
        assertThat(raw("GET /url/default/hello/ HTTP/1.1\r\nHost: " + "0".repeat(32) + ".lambda-url.example.com"
                        + "\r\nConnection: close\r\n\r\n"))
                .as("a host that is none")
                .startsWith("HTTP/1.1 403");
    }

    private String raw(String request) throws Exception {
        URI address = URI.create(owner.urlsUrl());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anAliasHasOneOfItsOwn() throws Exception {
        assertThat(send(to("owner", "/url/default/hello:live/")).statusCode()).isEqualTo(403);
        owner.catalog.put(new VersionInfo("default", "hello", 1, 3, "r1", null));
        owner.catalog.put(new AliasInfo("default", "hello", "live", 1, 1, 0, null, null, OPEN));
        assertThat(send(to("owner", "/url/default/hello:live/")).statusCode())
                .as("its statements are its own")
                .isEqualTo(403);
        // No event may run: who is let in is told that.
        owner.catalog.put(new FunctionInfo("default", "hello", 3, 0, "r1", null)
                .open(
                        List.of(new Statement("open", "lambda:InvokeFunctionUrl", "*", "live", null, null, "NONE")),
                        OPEN));

        assertThat(send(to("owner", "/url/default/hello:live/")).statusCode()).isEqualTo(429);
        assertThat(send(to("owner", "/url/default/hello%3Alive")).statusCode()).isEqualTo(429);
        assertThat(send(to("owner", "/url/default/hello/")).statusCode()).isEqualTo(403);
        owner.catalog.removeAlias(new FunctionKey("default", "hello"), "live");
        assertThat(send(to("owner", "/url/default/hello:live/")).statusCode()).isEqualTo(403);
    }

    @Test
    void whoIsNotLetInLearnsNothing() throws Exception {
        List<HttpResponse<String>> answers = new ArrayList<>();
        answers.add(send(to("owner", "/url/default/absent/")));
        answers.add(send(to("owner", "/")));
        answers.add(send(to("owner", "/2015-03-31/functions/hello/invocations").POST(BodyPublishers.ofString("{}"))));
        url(OPEN);
        answers.add(send(to("owner", "/url/default/hello/")));
        url(OPEN, new Statement("open", "lambda:InvokeFunctionUrl", "*", null, null, null, "AWS_IAM"));
        answers.add(send(to("owner", "/url/default/hello/")));
        url(OPEN, new Statement("open", "lambda:InvokeFunction", "*", null, null, null, null));
        answers.add(send(to("owner", "/url/default/hello/")));
        url(null, EVERYBODY);
        answers.add(send(to("owner", "/url/default/hello/")));

        for (HttpResponse<String> answer : answers) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(header(answer, "x-amzn-ErrorType")).isEqualTo("AccessDeniedException");
            assertThat(answer.body()).isEqualTo(answers.getFirst().body());
        }
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void aCallerWhoIsKnownIsInTheEventAndItsProofIsNot() throws Exception {
        url(new UrlSettings(true, false, null));

        HttpResponse<String> response =
                send(to("owner", "/url/default/hello").header("Authorization", "Bearer secret"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(event.getString("rawPath")).isEqualTo("/");
        assertThat(event.getJsonObject("headers").containsKey("authorization")).isFalse();
        JsonObject iam = event.getJsonObject("requestContext")
                .getJsonObject("authorizer")
                .getJsonObject("iam");
        assertThat(iam.getString("userArn")).endsWith(":user/" + TestGateway.OPEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void failuresOfTheFunctionAreOneText(String way) throws Exception {
        shim.behaviour = (request, payload) ->
                request.response().putHeader(Wire.FUNCTION_ERROR, "Unhandled").end("{\"errorMessage\": \"secret\"}");
        HttpResponse<String> failed = send(to(way, "/url/default/hello/"));
        assertThat(failed.statusCode()).isEqualTo(502);
        assertThat(failed.body()).isEqualTo("Internal Server Error");

        answering("{\"statusCode\": 200, \"headers\": {\"a\": [1]}}");
        HttpResponse<String> malformed = send(to(way, "/url/default/hello/"));
        assertThat(malformed.statusCode()).isEqualTo(502);
        assertThat(malformed.body()).isEqualTo("Internal Server Error");
        assertThat(header(malformed, "x-kappa-error")).contains("the header a with a list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void aThrottledFunctionSaysSo(String way) throws Exception {
        for (TestGateway gateway : List.of(owner, entry)) {
            gateway.catalog.put(new FunctionInfo("default", "hello", 3, 0, "r1", null).open(List.of(EVERYBODY), OPEN));
        }

        HttpResponse<String> response = send(to(way, "/url/default/hello/"));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).contains("ReservedFunctionConcurrentInvocationLimitExceeded");
    }

    @Test
    void whyAFunctionCannotRunIsForThoseWhoAreKnown() throws Exception {
        for (boolean known : new boolean[] {false, true}) {
            owner.catalog.put(new FunctionInfo(
                            "default",
                            "broken",
                            3,
                            null,
                            null,
                            null,
                            "The Secret s is missing.",
                            null,
                            null,
                            1 << 20,
                            "")
                    .open(List.of(EVERYBODY), new UrlSettings(known, false, null)));

            HttpResponse<String> response = send(to("owner", "/url/default/broken/"));

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.body().contains("The Secret s is missing.")).isEqualTo(known);
        }
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        byte[] text = new byte[6 << 20];
        HttpResponse<String> response = send(to("owner", "/url/default/hello/").POST(BodyPublishers.ofByteArray(text)));
        assertThat(response.statusCode()).as("as base64").isEqualTo(413);
        assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("RequestTooLargeException");

        response = send(to("owner", "/url/default/hello/").POST(BodyPublishers.ofByteArray(new byte[4 << 20])));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Buffer.buffer(Base64.getDecoder().decode(event.getString("body")))
                        .length())
                .isEqualTo(4 << 20);
    }

    @Test
    void largeAnswersAreReadElsewhere() throws Exception {
        answering("{\"statusCode\": 200, \"body\": \"" + "x".repeat(1 << 20) + "\"}");

        assertThat(send(to("owner", "/url/default/hello/")).body()).hasSize(1 << 20);
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200, 5", "GET, 204, ''", "GET, 304, ''"})
    void answersWithoutABodyHaveNone(String method, int status, String length) throws Exception {
        answering("{\"statusCode\": " + status + ", \"body\": \"hello\"}");

        String answer = raw(method
                + " /url/default/hello/ HTTP/1.1\r\nHost: a\r\n\r\nGET /url/default/none HTTP/1.1\r\nHost: a\r\nConnection:"
                + " close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertThat(head.toLowerCase(Locale.ROOT).contains("content-length: 5")).isEqualTo(length.equals("5"));
        assertThat(answer.substring(head.length() + 4)).startsWith("HTTP/1.1 403");
    }

    @Test
    void optionsGoToTheFunctionUnlessCorsIsConfigured() throws Exception {
        HttpRequest.Builder preflight = to("owner", "/url/default/hello/")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://a.example")
                .header("Access-Control-Request-Method", "PUT");
        assertThat(send(preflight).body()).isEqualTo("hi");
        assertThat(event.getJsonObject("requestContext").getJsonObject("http").getString("method"))
                .isEqualTo("OPTIONS");

        url(new UrlSettings(
                true,
                false,
                new Cors(
                        true,
                        List.of("x-a", "x-b"),
                        List.of("PUT"),
                        List.of("https://a.example"),
                        List.of("x-c"),
                        60)));
        HttpResponse<String> allowed = send(preflight);

        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(header(allowed, "access-control-allow-origin")).isEqualTo("https://a.example");
        assertThat(header(allowed, "access-control-allow-methods")).isEqualTo("PUT");
        assertThat(header(allowed, "access-control-allow-headers")).isEqualTo("x-a,x-b");
        assertThat(header(allowed, "access-control-allow-credentials")).isEqualTo("true");
        assertThat(header(allowed, "access-control-max-age")).isEqualTo("60");
        assertThat(header(allowed, "vary")).containsIgnoringCase("origin");
        HttpResponse<String> refused = send(preflight.setHeader("Origin", "https://b.example"));
        assertThat(refused.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void whatCorsSaysIsInEachAnswerOnce() throws Exception {
        url(
                new UrlSettings(
                        false, false, new Cors(false, List.of(), List.of(), List.of("*"), List.of("x-c"), null)),
                EVERYBODY);
        answering("{\"statusCode\": 200, \"headers\": {\"Access-Control-Allow-Origin\": \"https://own.example\"}}");

        HttpResponse<String> response = send(to("owner", "/url/default/hello/").header("Origin", "https://a.example"));

        assertThat(response.headers().allValues("access-control-allow-origin")).containsExactly("*");
        assertThat(header(response, "access-control-expose-headers")).isEqualTo("x-c");
    }

    @Test
    void aWebSocketIsRefused() throws Exception {
        String answer = raw("""
                GET /url/default/hello/ HTTP/1.1
                Host: a
                Connection: Upgrade, close
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """.replace("\n", "\r\n"));

        assertThat(answer).startsWith("HTTP/1.1 501").contains("have no WebSockets");
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void aCallerWhoGoesAwayDoesNotEndTheEvent() throws Exception {
        shim.hold();
        URI address = URI.create(owner.urlsUrl());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write("GET /url/default/hello/ HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Awaitility.await("an event at the instance").until(() -> !shim.held.isEmpty());
        }
        vertx.runOnContext(v -> shim.held.getFirst().response().end("\"late\""));

        Awaitility.await("the slot is free").until(() -> owner.dispatcher.admitted() == 0);
        Awaitility.await("nothing in hand").until(() -> owner.router.inHand() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void aPieceIsThereBeforeTheNextIsWritten(String way) throws Exception {
        url(new UrlSettings(false, true, null), EVERYBODY);
        shim.behaviour = (request, payload) -> {
            shim.held.add(request);
            request.response()
                    .setChunked(true)
                    .putHeader(Wire.STREAMED, "1")
                    .putHeader("Content-Type", "application/vnd.awslambda.http-integration-response")
                    .write("{\"statusCode\": 202, \"headers\": {\"X-Own\": \"a\"}, \"cookies\": [\"a=1\"]}\0\0\0\0");
            request.response().write("\0\0\0\0first");
        };
        HttpResponse<InputStream> response =
                client.send(to(way, "/url/default/hello/").build(), BodyHandlers.ofInputStream());

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(header(response, "x-own")).isEqualTo("a");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1");
        try (InputStream body = response.body()) {
            assertThat(new String(body.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
            vertx.runOnContext(v -> shim.held.getFirst().response().end("last"));
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("last");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void aStreamWithoutAPreludeIsTheBody(String way) throws Exception {
        url(new UrlSettings(false, true, null), EVERYBODY);
        shim.behaviour = (request, payload) -> request.response()
                .setChunked(true)
                .putHeader(Wire.STREAMED, "1")
                .putHeader("Content-Type", "text/html")
                .end("page");
        HttpResponse<String> streamed = send(to(way, "/url/default/hello/"));
        assertThat(streamed.body()).isEqualTo("page");
        assertThat(header(streamed, "content-type")).isEqualTo("text/html");

        answering("{\"statusCode\": 201}");
        HttpResponse<String> whole = send(to(way, "/url/default/hello/"));
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo("{\"statusCode\": 201}");
        assertThat(header(whole, "content-type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void aStreamThatFailsIsBrokenOff(String way) throws Exception {
        url(new UrlSettings(false, true, null), EVERYBODY);
        shim.behaviour = (request, payload) -> request.response()
                .putHeader(Wire.FUNCTION_ERROR, "Unhandled")
                .putHeader(Wire.ERROR_TYPE, "Runtime.ExitError")
                .end("{}");
        HttpResponse<String> early = send(to(way, "/url/default/hello/"));
        assertThat(early.statusCode()).isEqualTo(502);
        assertThat(early.body()).isEqualTo("Internal Server Error");

        shim.behaviour = (request, payload) -> request.response()
                .setChunked(true)
                .putHeader(Wire.STREAMED, "1")
                .putTrailer(Wire.FUNCTION_ERROR, "Unhandled")
                .putTrailer(Wire.ERROR_TYPE, "Function.Unhandled")
                .end("part");
        HttpResponse<InputStream> late =
                client.send(to(way, "/url/default/hello/").build(), BodyHandlers.ofInputStream());
        assertThat(late.statusCode()).isEqualTo(200);
        try (InputStream body = late.body()) {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }
}
