package dev.kappa.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
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
        return invoke(entry, "X-Amz-Invocation-Type", "RequestResponse");
    }

    private CompletableFuture<HttpResponse<String>> invoke(TestGateway gateway, String... headers) {
        return client.sendAsync(
                HttpRequest.newBuilder(URI.create(gateway.publicUrl() + "/2015-03-31/functions/hello/invocations"))
                        .headers(headers)
                        .POST(BodyPublishers.ofString("1"))
                        .build(),
                BodyHandlers.ofString());
    }

    private int hello(TestGateway gateway, String token) throws Exception {
        return say(gateway, Wire.HELLO, shim.hello("hello", 1), token);
    }

    private int say(TestGateway gateway, String path, Object said, String token, String... headers) throws Exception {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = Wire.TOKEN;
        all[headers.length + 1] = token;
        return client.send(
                        HttpRequest.newBuilder(URI.create(gateway.internalUrl() + path))
                                .headers(all)
                                .POST(BodyPublishers.ofString(Json.encode(said)))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void bringsEventAndHelloToTheOwner() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = invoke();
        Awaitility.await("an event at the owner").until(() -> owner.dispatcher.admitted() > 0);

        int status = hello(entry, entry.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1"));

        assertThat(status).isEqualTo(200);
        HttpResponse<String> response = answer.get(5, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("1");
        assertThat(response.headers().firstValue("X-Kappa-Cold-Start")).isPresent();
        assertThat(response.headers().allValues("x-amzn-RequestId")).containsExactlyElementsOf(shim.ran);
        assertThat(entry.dispatcher.demand(version -> true)).isEmpty();
    }

    @Test
    void aBatchWaitsAtTheOwnerBehindTheEventsOfCallers() throws Exception {
        TestGateway front = ofSources();

        CompletableFuture<HttpResponse<String>> batch = invoke(front, Wire.WAITS_SECONDS, "60");
        Awaitility.await("demand of the batch").until(() -> queued(owner) == 1);
        assertThat(owner.dispatcher.admitted())
                .as("events that count before they run")
                .isZero();
        CompletableFuture<HttpResponse<String>> event = invoke(entry, Wire.WAITS_SECONDS, "60");
        Awaitility.await("an event of a caller, who may not say that it is none")
                .until(() -> owner.dispatcher.admitted() == 1);
        hello(owner, owner.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1"));

        assertThat(batch.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(shim.ran)
                .containsExactly(
                        requestId(event.get(30, TimeUnit.SECONDS)), requestId(batch.get(30, TimeUnit.SECONDS)));
    }

    @Test
    void aBatchThatNothingRunsIsGivenBackInTime() throws Exception {
        TestGateway front = ofSources();

        HttpResponse<String> answer = invoke(front, Wire.WAITS_SECONDS, "1").get(50, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("No instance of");
    }

    /** A gateway that is not the owner, whose caller is kappa-sources. */
    private TestGateway ofSources() throws Exception {
        TestGateway front = new TestGateway(
                vertx,
                "front",
                "127.0.0.3",
                0,
                owner.internalPort(),
                owner.internalPort(),
                1,
                head -> CompletableFuture.completedFuture(
                        new Proven(new Caller("system:serviceaccount:kappa-system:kappa-sources"), null)),
                (caller, permission) -> CompletableFuture.completedFuture(permission));
        front.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
        front.ring.replace(List.of(owner.peer));
        return front;
    }

    private static int queued(TestGateway gateway) {
        return gateway.dispatcher.demand(version -> true).stream()
                .mapToInt(it -> it.queued())
                .sum();
    }

    private static String requestId(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-amzn-RequestId").orElse("");
    }

    @Test
    void anEventThatAnotherGatewayRunsIsInHandUntilItsCallerHasTheAnswer() throws Exception {
        entry.ring.replace(List.of(entry.peer));
        CompletableFuture<HttpResponse<String>> answer = invoke();
        Awaitility.await("an event waits here").until(() -> entry.dispatcher.admitted() > 0);
        entry.ring.replace(List.of(owner.peer));
        entry.dispatcher.releaseUnless(entry.ring::owns);
        Awaitility.await("it waits at the owner").until(() -> owner.dispatcher.admitted() > 0);

        assertThat(entry.dispatcher.admitted()).isZero();
        assertThat(entry.router.inHand()).isEqualTo(1);
        assertThat(owner.router.inHand()).isZero();

        hello(owner, owner.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1"));
        assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("1");
        Awaitility.await("nothing in hand").until(() -> entry.router.inHand() == 0);
    }

    private static Hello helloOfAHandler(String address) {
        return new Hello("default", "hello", "$LATEST", "r1", "pod-1", address, 1, 1, 2, 3, null, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2:%d", "localhost:%d", "no-port", "", ":", "127.0.0.1:", "127.0.0.1:port"})
    void sendsNoEventWhereOnlyAHandlerSaysThatItListens(String address) throws Exception {
        String token = entry.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1");
        Hello hello = helloOfAHandler(address.formatted(owner.internalPort()));

        assertThat(say(owner, Wire.HELLO, hello, token)).isEqualTo(200);
        assertThat(say(entry, Wire.HELLO, hello, token)).isEqualTo(200);

        CompletableFuture<HttpResponse<String>> answer = invoke();
        Awaitility.await("an event at the owner").until(() -> owner.dispatcher.admitted() > 0);
        Thread.sleep(100);
        assertThat(answer.isDone()).isFalse();
        hello(owner, token);
        assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(owner.dispatcher.payloadBytes()).isZero();
        assertThat(entry.dispatcher.payloadBytes()).isZero();
    }

    @Test
    void believesNobodyButAGatewayWhereAHelloCameFrom() throws Exception {
        String token = entry.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1");

        String[] forged = {PeerClient.RELAYED, "1", Wire.PLATFORM, token, PeerClient.HEARD_FROM, "127.0.0.2"};
        say(owner, Wire.HELLO, helloOfAHandler("127.0.0.2:" + owner.internalPort()), token, forged);

        CompletableFuture<HttpResponse<String>> answer = invoke();
        while (owner.dispatcher.admitted() == 0) {
            Thread.sleep(5);
        }
        Thread.sleep(50);
        assertThat(answer.isDone()).isFalse();
        assertThat(owner.dispatcher.demand(version -> true).getFirst().queued()).isEqualTo(1);
    }

    @Test
    void refusesARelayedHelloForAFunctionOfAnother() throws Exception {
        String token = entry.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1");
        String[] relayed = {
            PeerClient.RELAYED, "1",
            Wire.PLATFORM, entry.platform.to(PlatformTokens.GATEWAYS).token(),
            PeerClient.HEARD_FROM, "127.0.0.1"
        };

        assertThat(say(entry, Wire.HELLO, shim.hello("hello", 1), token, relayed))
                .isEqualTo(503);
        assertThat(entry.dispatcher.demand(version -> true)).isEmpty();
        assertThat(say(owner, Wire.HELLO, shim.hello("hello", 1), token, relayed))
                .isEqualTo(200);
        assertThat(owner.dispatcher.demand(version -> true).getFirst().instances())
                .hasSize(1);
    }

    @Test
    void asksWhoTheOwnerIsAgainWhileItCannotBeReached() throws Exception {
        for (TestGateway gateway : List.of(owner, entry)) {
            gateway.ring.replace(List.of(new Peer("gone", "127.0.0.77")));
        }
        CompletableFuture<HttpResponse<String>> answer = invoke();
        Thread.sleep(300);
        assertThat(answer.isDone()).isFalse();

        for (TestGateway gateway : List.of(owner, entry)) {
            gateway.ring.replace(List.of(owner.peer));
        }
        owner.dispatcher.hello(shim.hello("hello", 1), shim.address());

        assertThat(answer.get(3, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void saysThatTheOwnerCannotBeReached() throws Exception {
        entry.ring.replace(List.of(new Peer("gone", "127.0.0.77")));

        HttpResponse<String> answer = invoke().get(10, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("Gateway gone", "did not run");
        assertThat(entry.dispatcher.payloadBytes()).isZero();
    }

    @Test
    void bringsAFarewellToTheOwner() throws Exception {
        String token = entry.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1");
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
        Awaitility.await("an event at the owner").until(() -> owner.dispatcher.admitted() > 0);

        entry.ring.replace(List.of(entry.peer));
        owner.dispatcher.releaseUnless(function -> false);
        entry.dispatcher.hello(shim.hello("hello", 1), shim.address());

        assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void takesTheTokensOfShimsThatAnUpgradeLeft() throws Exception {
        assertThat(hello(owner, owner.tokens.ofRelease010(new VersionKey("default", "hello", "$LATEST"))))
                .isEqualTo(200);
    }

    @Test
    void refusesStrangers() throws Exception {
        VersionKey hello = new VersionKey("default", "hello", "$LATEST");
        assertThat(hello(owner, "guessed")).isEqualTo(403);
        assertThat(hello(owner, owner.tokens.of(hello, "pod-2")))
                .as("the token of another instance")
                .isEqualTo(403);
        assertThat(hello(owner, new InstanceTokens("secret", InstantSource.fixed(Instant.EPOCH)).of(hello, "pod-1")))
                .as("one that was good once")
                .isEqualTo(403);
        assertThat(hello(owner, owner.tokens.of(new VersionKey("default", "other", "$LATEST"), "pod-1")))
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

    @Test
    void asksCallersOfAForwardedFunctionForANewConnectionNowAndThen() throws Exception {
        assertThat(hello(owner, owner.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1")))
                .isEqualTo(200);

        int sent = 0;
        boolean asked = false;
        // One of 64 by chance: that none of so many is asked does not happen.
        while (!asked && sent++ < 20_000) {
            HttpResponse<String> answer = invoke().get(10, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
            asked = answer.headers().firstValue("Connection").orElse("").equals("close");
        }

        assertThat(asked).isTrue();
        entry.ring.replace(List.of(entry.peer));
        assertThat(hello(entry, entry.tokens.of(new VersionKey("default", "hello", "$LATEST"), "pod-1")))
                .isEqualTo(200);
        for (int i = 0; i < 50; i++) {
            assertThat(invoke().get(10, TimeUnit.SECONDS).headers().firstValue("Connection"))
                    .isEmpty();
        }
    }
}
