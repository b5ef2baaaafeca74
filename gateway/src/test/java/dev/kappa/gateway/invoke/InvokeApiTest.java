package dev.kappa.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.AliasInfo;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.catalog.VersionInfo;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.Quotas;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InvokeApiTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private TestGateway gateway;
    private FakeShim shim;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(vertx, "gateway-a");
        shim = new FakeShim(vertx, "pod-1");
        gateway.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
        gateway.catalog.put(new FunctionInfo("default", "off", 3, 0, "r1", null));
        gateway.catalog.put(new VersionInfo("default", "hello", 2, 3, "r1", null));
        gateway.catalog.put(new AliasInfo("default", "hello", "live", 2, 2, 0, null));
        gateway.dispatcher.hello(shim.hello("hello", 1), shim.address());
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private HttpResponse<String> invoke(String function, BodyPublisher body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(gateway.publicUrl() + "/2015-03-31/functions/" + function))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> invoke(String function, String body, String... headers) throws Exception {
        return invoke(function, BodyPublishers.ofString(body), headers);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    @Test
    void waitsAMomentForAFunctionThatWasJustMade() throws Exception {
        vertx.setTimer(200, id -> {
            gateway.catalog.put(new FunctionInfo("default", "new", 3, null, "r1", null));
            gateway.dispatcher.hello(shim.hello("new", 1), shim.address());
        });

        var response = invoke("new/invocations", "1");

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void answersWithEveryHeader() throws Exception {
        shim.behaviour = (request, payload) -> request.response()
                .putHeader(Wire.LOG_RESULT, "bG9n")
                .putHeader(Wire.FUNCTION_ERROR, "Unhandled")
                .end(request.getHeader(Wire.INVOKED_ARN)
                        + request.getHeader(Wire.LOG_TYPE)
                        + request.getHeader(Wire.CLIENT_CONTEXT));

        var response =
                invoke("hello:$LATEST/invocations", "{}", "X-Amz-Log-Type", "Tail", "X-Amz-Client-Context", "e30=");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:hello:$LATESTTaile30=");
        assertThat(header(response, "X-Amz-Executed-Version")).isEqualTo("$LATEST");
        assertThat(header(response, "X-Amz-Function-Error")).isEqualTo("Unhandled");
        assertThat(header(response, "X-Amz-Log-Result")).isEqualTo("bG9n");
        assertThat(UUID.fromString(header(response, "x-amzn-RequestId"))).hasToString(shim.ran.get(0));
    }

    @Test
    void makesAnObjectOfAnEmptyBodyAndDecodesAnArn() throws Exception {
        var response = invoke("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ahello/invocations", "");

        assertThat(response.body()).isEqualTo("{}");
    }

    @Test
    void waitsForAVersionBehindAnAlias() throws Exception {
        vertx.setTimer(
                100,
                id -> gateway.dispatcher.hello(
                        new dev.kappa.wire.Hello(
                                "default",
                                "hello",
                                "2",
                                "r1",
                                "pod-2",
                                "",
                                1,
                                System.currentTimeMillis(),
                                System.currentTimeMillis(),
                                System.currentTimeMillis(),
                                null,
                                null),
                        shim.address()));

        var response = invoke("hello/invocations?Qualifier=live", "1");

        assertThat(header(response, "X-Amz-Executed-Version")).isEqualTo("2");
        assertThat(header(response, "X-Kappa-Cold-Start"))
                .contains("initialized=")
                .contains("answered=");
    }

    @Test
    void refusesABodyThatIsNotJson() throws Exception {
        for (String body : new String[] {"{not json", "{} {}", " ", "{\"a\":}", "[1"}) {
            var response = invoke("hello/invocations", body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("InvalidRequestContentException");
            assertThat(json(response).getString("Type")).isEqualTo("User");
            assertThat(json(response).getString("message")).startsWith("Could not parse request body into json: ");
        }
        assertThat(shim.ran).isEmpty();
    }

    @Test
    void takesSixMebibytesAndRefusesMore() throws Exception {
        byte[] body = ("\"" + "x".repeat(Quotas.SYNC_PAYLOAD_BYTES - 2) + "\"")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] larger = new byte[Quotas.SYNC_PAYLOAD_BYTES + 1];

        assertThat(invoke("hello/invocations", BodyPublishers.ofByteArray(body)).statusCode())
                .isEqualTo(200);
        var announced = invoke("hello/invocations", BodyPublishers.ofByteArray(larger));
        var chunked = invoke("hello/invocations", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(larger)));

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(header(chunked, "x-amzn-ErrorType")).isEqualTo("RequestTooLargeException");
        assertThat(json(chunked).getString("message")).contains("6291456 bytes");
    }

    @Test
    void saysWhatItDoesNotKnow() throws Exception {
        var response = invoke("missing:7/invocations", "1");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("ResourceNotFoundException");
        assertThat(json(response).getString("Type")).isEqualTo("User");
        assertThat(json(response).getString("Message"))
                .isEqualTo("Function not found: arn:aws:lambda:us-east-1:000000000000:function:missing:7");
    }

    @Test
    void throttlesAFunctionThatIsSwitchedOff() throws Exception {
        var response = invoke("off/invocations", "1");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("TooManyRequestsException");
        assertThat(header(response, "Retry-After")).isNotEmpty();
        assertThat(json(response).getString("Reason")).isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
        assertThat(json(response).getString("message")).isEqualTo("Rate Exceeded.");
    }

    @Test
    void wordsViolationsAsTheServiceDoes() throws Exception {
        var response = invoke("hello/invocations", "1", "X-Amz-Invocation-Type", "Sync", "X-Amz-Log-Type", "All");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("ValidationException");
        assertThat(json(response).containsKey("Type")).isFalse();
        assertThat(json(response).getString("message"))
                .isEqualTo(
                        "2 validation errors detected: Value 'All' at 'logType' failed to satisfy constraint: "
                                + "Member must satisfy enum value set: [None, Tail]; Value 'Sync' at 'invocationType' failed "
                                + "to satisfy constraint: Member must satisfy enum value set: [Event, DryRun, RequestResponse]");
        assertThat(header(invoke("he%20llo/invocations", "1"), "x-amzn-ErrorType"))
                .isEqualTo("ValidationException");
        assertThat(header(invoke("hello:1/invocations?Qualifier=2", "1"), "x-amzn-ErrorType"))
                .isEqualTo("InvalidParameterValueException");
        assertThat(header(invoke("hello/invocations", "1", "X-Amz-Client-Context", "%"), "x-amzn-ErrorType"))
                .isEqualTo("InvalidRequestContentException");
    }

    @Test
    void aClientContextIsAJsonObjectInUtf8() throws Exception {
        shim.behaviour =
                (request, payload) -> request.response().end("\"" + request.getHeader(Wire.CLIENT_CONTEXT) + "\"");
        String good = base64("{\"custom\":{\"name\":\"Zoë 日本 😀\"}}".getBytes(StandardCharsets.UTF_8));
        assertThat(invoke("hello/invocations", "1", "X-Amz-Client-Context", good)
                        .body())
                .isEqualTo("\"" + good + "\"");
        for (byte[] bad : List.of(
                "[1]".getBytes(StandardCharsets.UTF_8),
                "\"text\"".getBytes(StandardCharsets.UTF_8),
                "{\"a\":\"line\nbreak\"}".getBytes(StandardCharsets.UTF_8),
                "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1),
                "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE),
                "{".getBytes(StandardCharsets.UTF_8))) {
            var response = invoke("hello/invocations", "1", "X-Amz-Client-Context", base64(bad));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(header(response, "x-amzn-ErrorType")).isEqualTo("InvalidRequestContentException");
            assertThat(json(response).getString("message"))
                    .startsWith("Client context must be a valid Base64-encoded JSON object");
        }
        String large = base64(("{\"a\":\"" + "x".repeat(2680) + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(json(invoke("hello/invocations", "1", "X-Amz-Client-Context", large))
                        .getString("message"))
                .contains("at most 3583 bytes");
    }

    @Test
    void aTraceThatIsNoHeaderOfPrintableAsciiIsReplaced() throws Exception {
        shim.behaviour = (request, payload) -> request.response().end("\"" + request.getHeader(Wire.TRACE_ID) + "\"");
        assertThat(invoke("hello/invocations", "1", Wire.TRACE_ID, "Root=1-5759e988-bd862e3fe1be46a994272793")
                        .body())
                .contains("Root=1-5759e988");
        assertThat(invoke("hello/invocations", "1", Wire.TRACE_ID, "a\tb").body())
                .startsWith("\"Root=1-");
        assertThat(invoke("hello/invocations", "1", Wire.TRACE_ID, "a".repeat(1025))
                        .body())
                .startsWith("\"Root=1-");
        assertThat(invoke("hello/invocations", "1").body()).startsWith("\"Root=1-");
    }

    @Test
    void aFunctionThatIsCalledByItselfIsEnded() throws Exception {
        shim.behaviour = (request, payload) -> request.response().end("\"" + request.getHeader(Wire.TRACE_ID) + "\"");
        String trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
        for (int i = 0; i < 16; i++) {
            HttpResponse<String> answer = invoke("hello/invocations", "1", Wire.TRACE_ID, trace);
            assertThat(answer.statusCode()).isEqualTo(200);
            trace = answer.body().replace("\"", "");
        }

        HttpResponse<String> last = invoke("hello/invocations", "1", Wire.TRACE_ID, trace);

        assertThat(last.statusCode()).isEqualTo(400);
        assertThat(last.headers().firstValue("x-amzn-ErrorType")).contains("RecursiveInvocationException");
        assertThat(invoke("hello/invocations", "1").statusCode()).isEqualTo(200);
    }

    @Test
    void aTenantIsRefusedWhereFunctionsHaveNone() throws Exception {
        HttpResponse<String> answer = invoke("hello/invocations", "1", "X-Amz-Tenant-Id", "blue");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).getString("message")).contains("not configured for tenant isolation");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void aDryRunAnswersAsTheInvocationWouldAndRunsNothing() throws Exception {
        assertThat(dry("hello", "1").statusCode()).isEqualTo(204);
        assertThat(dry("off", "1").statusCode()).isEqualTo(429);
        assertThat(dry("nobody", "1").statusCode()).isEqualTo(404);
        assertThat(dry("hello", "{").statusCode()).isEqualTo(400);
        assertThat(dry("hello", "\"" + "x".repeat(Quotas.SYNC_PAYLOAD_BYTES) + "\"")
                        .statusCode())
                .isEqualTo(413);
        assertThat(shim.ran).isEmpty();
        assertThat(gateway.dispatcher.admitted()).isZero();
    }

    private HttpResponse<String> dry(String function, String body) throws Exception {
        return invoke(function + "/invocations", body, "X-Amz-Invocation-Type", "DryRun");
    }

    @Test
    void anAsynchronousEventIsAcceptedOnceTheQueueKeepsIt() throws Exception {
        var accepted = event("hello:live/invocations", "1");

        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.body()).isEmpty();
        AsyncEvent kept = gateway.events.accepted.get(0);
        assertThat(kept.requestId()).isEqualTo(header(accepted, "x-amzn-RequestId"));
        assertThat(kept.version().version()).isEqualTo("2");
        assertThat(kept.qualifier()).isEqualTo("live");
        assertThat(event("off/invocations", "1").statusCode()).isEqualTo(202);
    }

    @Test
    void anAsynchronousEventIsRefusedBeforeItIsKept() throws Exception {
        assertThat(event("nobody/invocations", "1").statusCode()).isEqualTo(404);
        assertThat(event("hello/invocations", "{").statusCode()).isEqualTo(400);
        assertThat(event("hello/invocations", "\"" + "x".repeat(Quotas.ASYNC_PAYLOAD_BYTES) + "\"")
                        .statusCode())
                .isEqualTo(413);
        gateway.events.refusal = "the disk is full";
        var refused = event("hello/invocations", "1");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(json(refused).getString("Message")).contains("the disk is full");
        assertThat(gateway.events.accepted).isEmpty();
    }

    private HttpResponse<String> event(String path, String body) throws Exception {
        return invoke(path, body, "X-Amz-Invocation-Type", "Event");
    }

    @Test
    void servesNothingElse() throws Exception {
        assertThat(invoke("hello/other", "1").statusCode()).isEqualTo(404);
    }

    @Test
    void answersTheSameToANameThatItHasReadBefore() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(header(dry("hello:live", "1"), "x-amzn-ErrorType")).isEmpty();
            assertThat(header(invoke("hello:1/invocations?Qualifier=2", "1"), "x-amzn-ErrorType"))
                    .isEqualTo("InvalidParameterValueException");
            assertThat(header(invoke("he%20llo/invocations", "1", "X-Amz-Log-Type", "All"), "x-amzn-ErrorType"))
                    .isEqualTo("ValidationException");
            assertThat(header(invoke("hello/invocations", "1", "X-Amz-Log-Type", "All"), "x-amzn-ErrorType"))
                    .isEqualTo("ValidationException");
            assertThat(json(dry("hello:gone", "1")).getString("Message")).endsWith(":function:hello:gone");
            assertThat(dry("hello", "1").statusCode()).isEqualTo(204);
        }
        gateway.catalog.removeFunction(new FunctionKey("default", "hello"));
        assertThat(dry("hello", "1").statusCode()).isEqualTo(404);
    }

    @Test
    void findsWhatCallersNameOtherwiseThanKubernetesByBothNames() throws Exception {
        String function = DnsLabels.ofFunction("MyStack-Hello_1");
        String alias = DnsLabels.ofQualifier("PROD");
        gateway.catalog.put(new FunctionInfo("default", function, 3, null, "r1", null));
        gateway.catalog.put(new VersionInfo("default", function, 1, 3, "r1", null));
        gateway.catalog.put(new AliasInfo("default", function, alias, 1, 1, 0, null));
        gateway.dispatcher.hello(shim.hello(function, 1), shim.address());
        shim.behaviour = (request, payload) -> request.response().end(request.getHeader(Wire.INVOKED_ARN));

        assertThat(invoke("MyStack-Hello_1/invocations", "1").body()).endsWith(":function:MyStack-Hello_1");
        assertThat(invoke(function + "/invocations", "1").body()).endsWith(":function:" + function);
        for (String named : List.of("MyStack-Hello_1:PROD", function + ":PROD", "MyStack-Hello_1:" + alias)) {
            assertThat(dry(named, "1").statusCode()).as(named).isEqualTo(204);
        }
        for (String missing : List.of("mystack-hello_1", "MyStack-Hello_1:prod", "MyStack-Hello_1:Prod")) {
            assertThat(dry(missing, "1").statusCode()).as(missing).isEqualTo(404);
        }
    }

    @Test
    void findsAnAccountThatItDidNotKnowBefore() throws Exception {
        String arn = "arn:aws:lambda:us-east-1:" + gateway.accounts.account("media") + ":function:hello";
        gateway.catalog.put(new FunctionInfo("media", "hello", 3, null, "r1", null));
        assertThat(json(dry(arn, "1")).getString("Message")).isEqualTo("Function not found: " + arn);

        gateway.accounts.know("media");

        assertThat(dry(arn, "1").statusCode()).isEqualTo(204);
        assertThat(dry(arn, "1").statusCode()).isEqualTo(204);
    }
}
