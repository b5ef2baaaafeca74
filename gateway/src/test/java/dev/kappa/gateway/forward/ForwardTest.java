package dev.kappa.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwardTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestGateway owner;
    private TestGateway entry;
    private FakeShim shim;

    @BeforeEach
    void start() throws Exception {
        owner = new TestGateway(vertx, "owner", "127.0.0.1", 0, 0);
        entry = new TestGateway(vertx, "entry", "127.0.0.2", owner.internalPort(), owner.internalPort());
        shim = new FakeShim(vertx, "pod-1");
        for (TestGateway gateway : List.of(owner, entry)) {
            gateway.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
            gateway.ring.replace(List.of(owner.peer));
        }
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private CompletableFuture<HttpResponse<String>> invoke() {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create(entry.publicUrl() + "/2015-03-31/functions/hello/invocations"))
                        .POST(BodyPublishers.ofString("1"))
                        .build(),
                BodyHandlers.ofString());
    }

    private int hello(TestGateway gateway, String token) throws Exception {
        return say(gateway, Wire.HELLO, shim.hello("hello", 1), token);
    }

    private int say(TestGateway gateway, String path, Object said, String token) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(gateway.internalUrl() + path))
                                .header(Wire.TOKEN, token)
                                .POST(BodyPublishers.ofString(Json.encode(said)))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void bringsEventAndHelloToTheOwner() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = invoke();
        while (owner.dispatcher.admitted() == 0) {
            Thread.sleep(5);
        }

        int status = hello(entry, entry.tokens.of(new VersionKey("default", "hello", "$LATEST")));

        assertThat(status).isEqualTo(200);
        HttpResponse<String> response = answer.get(5, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("1");
        assertThat(response.headers().firstValue("X-Kappa-Cold-Start")).isPresent();
        assertThat(response.headers().allValues("x-amzn-RequestId")).containsExactlyElementsOf(shim.ran);
        assertThat(entry.dispatcher.demand(version -> true)).isEmpty();
    }

    @Test
    void bringsAFarewellToTheOwner() throws Exception {
        String token = entry.tokens.of(new VersionKey("default", "hello", "$LATEST"));
        hello(entry, token);

        Farewell farewell = new Farewell("default", "hello", "$LATEST", "pod-1", "exited");

        assertThat(say(entry, Wire.FAREWELL, farewell, "guessed")).isEqualTo(403);
        assertThat(owner.dispatcher.demand(version -> true).getFirst().instances())
                .hasSize(1);
        assertThat(say(entry, Wire.FAREWELL, farewell, token)).isEqualTo(200);
        assertThat(owner.dispatcher.demand(version -> true).getFirst().instances())
                .isEmpty();
    }

    @Test
    void routesAWaitingEventToTheNextOwner() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = invoke();
        while (owner.dispatcher.admitted() == 0) {
            Thread.sleep(5);
        }

        entry.ring.replace(List.of(entry.peer));
        owner.dispatcher.releaseUnless(function -> false);
        entry.dispatcher.hello(shim.hello("hello", 1));

        assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesStrangers() throws Exception {
        assertThat(hello(owner, "guessed")).isEqualTo(403);
        assertThat(hello(owner, owner.tokens.of(new VersionKey("default", "other", "$LATEST"))))
                .isEqualTo(403);
        assertThat(client.send(
                                HttpRequest.newBuilder(URI.create(owner.internalUrl() + PeerClient.INVOCATIONS
                                                + "/default/hello/$LATEST"))
                                        .POST(BodyPublishers.ofString("1"))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
    }
}
