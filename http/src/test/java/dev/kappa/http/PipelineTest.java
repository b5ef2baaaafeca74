package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Access;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PipelineTest {
    private static final Authenticator ADA = head -> CompletableFuture.completedFuture(new Caller("ada"));
    private static final Authorizer ALL = (caller, access) -> CompletableFuture.completedFuture(access);
    private static final Route ECHO = new Route() {
        @Override
        public boolean serves(HttpServerRequest request) {
            return "/echo".equals(request.path());
        }

        @Override
        public Access access(HttpServerRequest request) {
            return new Access("create", "echoes", "default", "x");
        }

        @Override
        public void handle(HttpServerRequest request, Caller caller) {
            BodyReader.read(request, 100, AwsError.tooLarge(100))
                    .onSuccess(body -> request.response().end(caller.name() + " " + body));
        }
    };

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private HttpResponse<String> call(Authenticator authenticator, Authorizer authorizer, String path)
            throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(new Pipeline(authenticator, authorizer, List.of(ECHO), Pipeline::unknown, () -> false))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .POST(BodyPublishers.ofString("hello"))
                        .build(),
                BodyHandlers.ofString());
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
        assertThat(call(head -> later(new Caller("ada")), (caller, access) -> later(access), "/echo")
                        .body())
                .isEqualTo("ada hello");
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
                (caller, access) -> CompletableFuture.failedFuture(
                        new RefusedException(AwsError.accessDenied(caller.name() + " may not " + access.verb()))),
                "/echo");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("ada may not create");
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
