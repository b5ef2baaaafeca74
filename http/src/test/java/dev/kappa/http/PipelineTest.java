package dev.kappa.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.http.AuditLog.Recorded;
import dev.kappa.identity.Action;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Proof;
import dev.kappa.identity.Proof.OfBody;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.identity.Target;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PipelineTest {
    private static final Authenticator ADA = head -> CompletableFuture.completedFuture(known("ada", null));
    private static final Authorizer ALL = (caller, permission) -> CompletableFuture.completedFuture(permission);
    private static final int LIMIT = 600 * 1024;
    private static final Route ECHO = new Route() {
        @Override
        public boolean serves(HttpServerRequest request) {
            return "/echo".equals(request.path());
        }

        @Override
        public Permission permission(HttpServerRequest request) {
            return Action.INVOKE.on(new Target("default", "x", null), "arn:x");
        }

        @Override
        public BodyLimit limit(HttpServerRequest request) {
            return "itself".equals(request.query())
                    ? BodyLimit.OF_THE_ROUTE
                    : new BodyLimit(LIMIT, () -> AwsError.tooLarge(LIMIT));
        }

        @Override
        public void handle(HttpServerRequest request, Call call) {
            if ("itself".equals(request.query())) {
                BodyReader.read(request, LIMIT, AwsError.tooLarge(LIMIT))
                        .onSuccess(body -> request.response().end(call.caller().name() + " " + body));
            } else {
                request.response().end(call.caller().name() + " " + call.body());
            }
        }
    };

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AuditLog audit = new AuditLog("test", new Recorded(true, false), written).start();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static Proof known(String name, @Nullable String sha256) {
        return new Proven(new Caller(name), sha256);
    }

    private HttpResponse<String> call(Authenticator authenticator, Authorizer authorizer, String path)
            throws Exception {
        return call(authenticator, authorizer, path, "hello");
    }

    private HttpResponse<String> call(Authenticator authenticator, Authorizer authorizer, String path, String body)
            throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(new Pipeline(authenticator, authorizer, List.of(ECHO), Pipeline::unknown, () -> false)
                        .watched(new CallWatch(audit, SourceAddress.PEER, CallerRates.UNLIMITED)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .POST(BodyPublishers.ofString(body))
                        .header("User-Agent", "test/1")
                        .build(),
                BodyHandlers.ofString());
    }

    /** The one line of the audit log, without its time. */
    private JsonObject audited() throws InterruptedException {
        while (written.size() == 0 || audit.waiting() > 0) {
            Thread.sleep(1);
        }
        JsonObject line = new JsonObject(written.toString(UTF_8));
        assertThat(line.remove("time")).isNotNull();
        return line;
    }

    private static <T> CompletableFuture<T> later(T value) {
        return CompletableFuture.supplyAsync(
                () -> value, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
    }

    @Test
    void aRouteGetsTheCallerAndTheBody() throws Exception {
        assertThat(call(ADA, ALL, "/echo").body()).isEqualTo("ada hello");
    }

    @Test
    void aDecisionThatTakesTimeLosesNothingOfTheBody() throws Exception {
        assertThat(call(head -> later(known("ada", null)), (caller, permission) -> later(permission), "/echo")
                        .body())
                .isEqualTo("ada hello");
    }

    @Test
    void aRouteThatReadsTheBodyItselfLosesNothingOfIt() throws Exception {
        assertThat(call(head -> later(known("ada", null)), (caller, permission) -> later(permission), "/echo?itself")
                        .body())
                .isEqualTo("ada hello");
    }

    @Test
    void aBodyThatIsNotTheSignedOneReachesNoRoute() throws Exception {
        Authenticator signed = head ->
                CompletableFuture.completedFuture(known("ada", SigningKey.payloadHash("hello".getBytes(UTF_8))));

        assertThat(call(signed, ALL, "/echo").body()).isEqualTo("ada hello");
        HttpResponse<String> refused = call(signed, ALL, "/echo", "hallo");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("x-amzn-ErrorType")).hasValue("InvalidSignatureException");
        assertThat(refused.headers().firstValue("Date")).isPresent();
    }

    @Test
    void aCallerMayBeKnownByTheBody() throws Exception {
        Authenticator byBody = head -> later((OfBody) sha256 -> {
            if (!sha256.equals(SigningKey.payloadHash("hello".getBytes(UTF_8)))) {
                throw new RefusedException(AwsError.invalidSignature("no"));
            }
            return new Proven(new Caller("ada"), sha256);
        });

        assertThat(call(byBody, (caller, permission) -> later(permission), "/echo")
                        .body())
                .isEqualTo("ada hello");
        assertThat(call(byBody, ALL, "/echo", "hallo").statusCode()).isEqualTo(403);
        assertThat(call(byBody, ALL, "/echo", "x".repeat(LIMIT)).statusCode()).isEqualTo(403);
        assertThat(call(byBody, ALL, "/echo", "x".repeat(LIMIT + 1)).statusCode())
                .isEqualTo(413);
        assertThat(call(byBody, ALL, "/echo?itself").body()).contains("x-amz-content-sha256");
    }

    @Test
    void whoIsNotAuthenticatedReachesNoRoute() throws Exception {
        HttpResponse<String> refused = call(
                head -> CompletableFuture.failedFuture(new RefusedException(AwsError.accessDenied("Who is it?"))),
                ALL,
                "/echo");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Who is it?");
    }

    @Test
    void whoMayNotReachesNoRoute() throws Exception {
        HttpResponse<String> refused = call(
                ADA,
                (caller, permission) -> CompletableFuture.failedFuture(new RefusedException(AwsError.accessDenied(
                        caller.name() + " may not " + permission.action().iamName()))),
                "/echo");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("ada may not lambda:InvokeFunction");
    }

    @Test
    void whoWasLetInIsRecordedWithHowItEnded() throws Exception {
        call(ADA, ALL, "/echo");

        assertThat(audited())
                .isEqualTo(new JsonObject()
                        .put("log", "audit")
                        .put("process", "test")
                        .put("decision", "allow")
                        .put("caller", "ada")
                        .put("action", "lambda:InvokeFunction")
                        .put("namespace", "default")
                        .put("function", "x")
                        .put("reason", "may create functions/invocations x")
                        .put("status", 200)
                        .put("sourceAddress", "127.0.0.1")
                        .put("userAgent", "test/1"));
    }

    @Test
    void whoIsNotKnownIsRecordedByTheKeyThatItNames() throws Exception {
        HttpResponse<String> refused = call(
                head -> {
                    throw new RefusedException(AwsError.unrecognizedClient());
                },
                ALL,
                "/echo?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1");

        assertThat(audited())
                .isEqualTo(new JsonObject()
                        .put("log", "audit")
                        .put("process", "test")
                        .put("decision", "deny")
                        .put("accessKeyId", "AKIAIOSFODNN7EXAMPLE")
                        .put("action", "lambda:InvokeFunction")
                        .put("namespace", "default")
                        .put("function", "x")
                        .put("reason", "The security token included in the request is invalid.")
                        .put("status", 403)
                        .put("error", "UnrecognizedClientException")
                        .put(
                                "requestId",
                                refused.headers().firstValue("x-amzn-RequestId").orElseThrow())
                        .put("sourceAddress", "127.0.0.1")
                        .put("userAgent", "test/1"));
    }

    @Test
    void whoMayNotIsRecordedWithTheReason() throws Exception {
        call(
                ADA,
                (caller, permission) ->
                        CompletableFuture.failedFuture(new RefusedException(AwsError.accessDenied("not you"))),
                "/echo");

        assertThat(audited().getMap())
                .containsEntry("decision", "deny")
                .containsEntry("caller", "ada")
                .containsEntry("reason", "not you")
                .containsEntry("error", "AccessDeniedException");
    }

    @Test
    void aCallWhoseCallerGoesAwayIsRecorded() throws Exception {
        CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
        Route silent = new Silent(arrived);
        int port = vertx.createHttpServer()
                .requestHandler(new Pipeline(ADA, ALL, List.of(silent), Pipeline::unknown, () -> false)
                        .watched(new CallWatch(audit, SourceAddress.PEER, CallerRates.UNLIMITED)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
            caller.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            arrived.get(10, TimeUnit.SECONDS);
        }

        assertThat(audited().getMap()).containsEntry("decision", "allow").containsEntry("status", 0);
    }

    /** Takes every call and answers none. */
    private record Silent(CompletableFuture<HttpServerRequest> arrived) implements Route {
        @Override
        public boolean serves(HttpServerRequest request) {
            return true;
        }

        @Override
        public Permission permission(HttpServerRequest request) {
            return ECHO.permission(request);
        }

        @Override
        public BodyLimit limit(HttpServerRequest request) {
            return ECHO.limit(request);
        }

        @Override
        public void handle(HttpServerRequest request, Call call) {
            arrived.complete(request);
        }
    }

    @Test
    void aFailureOfTheCheckRefusesTheCall() throws Exception {
        HttpResponse<String> refused = call(
                head -> {
                    throw new IllegalStateException("broken");
                },
                ALL,
                "/echo");

        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).doesNotContain("hello");
    }

    @Test
    void whatNoRouteServesIsUnknown() throws Exception {
        assertThat(call(ADA, ALL, "/other").headers().firstValue("x-amzn-ErrorType"))
                .hasValue("UnknownOperationException");
    }
}
