package dev.kappa.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.http.PlatformCalls;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** InvokeWithResponseStream, at the owner and through another gateway. */
@Timeout(120)
class StreamTest {
    private static final byte[] BLOCK = new byte[64 << 10];

    private final Vertx vertx = Vertx.vertx();
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
        owner.dispatcher.hello(shim.hello("hello", 1), shim.address());
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, java.util.concurrent.TimeUnit.SECONDS);
    }

    private String url(String way) {
        return (way.equals("owner") ? owner : entry).publicUrl();
    }

    private static HttpServerResponse begin(HttpServerResponse response) {
        return response.setChunked(true).putHeader(Wire.STREAMED, "1");
    }

    private HttpServerResponse held() {
        Awaitility.await("an event at the instance").until(() -> !shim.held.isEmpty());
        return shim.held.getFirst().response();
    }

    private void on(Runnable action) {
        vertx.runOnContext(v -> action.run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void aPieceIsThereBeforeTheNextIsWritten(String way) throws Exception {
        shim.behaviour = (request, payload) -> {
            shim.held.add(request);
            begin(request.response()).write("first");
        };
        try (StreamedAnswer answer = new StreamedAnswer(url(way), "X-Amz-Log-Type", "Tail")) {
            assertThat(answer.response.statusCode()).isEqualTo(200);
            assertThat(answer.response.headers().map())
                    .containsEntry("content-type", List.of("application/vnd.amazon.eventstream"))
                    .containsEntry("x-amz-executed-version", List.of("$LATEST"))
                    .containsEntry("x-amzn-requestid", shim.ran);
            assertThat(answer.chunk()).isEqualTo("first");

            HttpServerResponse response = held();
            on(() -> response.putTrailer(Wire.LOG_RESULT, "bG9n").end("last"));

            assertThat(answer.chunk()).isEqualTo("last");
            assertThat(answer.complete()).isEqualTo(new JsonObject().put("LogResult", "bG9n"));
        }
        Awaitility.await("the slot is free").until(() -> owner.dispatcher.admitted() == 0);
        assertThat(shim.held.getFirst().getHeader(Wire.LOG_TYPE)).isEqualTo("Tail");
        shim.behaviour = (request, payload) -> request.response().end("2");
        try (StreamedAnswer next = new StreamedAnswer(url(way))) {
            assertThat(next.chunk()).isEqualTo("2");
            assertThat(next.complete()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void anErrorIsInTheEnd(String way) throws Exception {
        shim.behaviour = (request, payload) -> request.response()
                .putHeader(Wire.FUNCTION_ERROR, "Unhandled")
                .putHeader(Wire.ERROR_TYPE, "Runtime.ExitError")
                .end("{\"errorType\":\"early\"}");
        try (StreamedAnswer answer = new StreamedAnswer(url(way))) {
            assertThat(answer.complete())
                    .isEqualTo(new JsonObject()
                            .put("ErrorCode", "Runtime.ExitError")
                            .put("ErrorDetails", "{\"errorType\":\"early\"}"));
        }
        shim.behaviour = (request, payload) -> begin(request.response())
                .putTrailer(Wire.FUNCTION_ERROR, "Unhandled")
                .putTrailer(Wire.ERROR_TYPE, "Function.Unhandled")
                .putTrailer(Wire.ERROR_BODY, Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8)))
                .end("part");
        try (StreamedAnswer answer = new StreamedAnswer(url(way))) {
            assertThat(answer.chunk()).isEqualTo("part");
            assertThat(answer.complete())
                    .isEqualTo(new JsonObject()
                            .put("ErrorCode", "Function.Unhandled")
                            .put("ErrorDetails", "{}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void theEndOfTheInstanceIsInTheEnd(String way) throws Exception {
        shim.behaviour = (request, payload) -> begin(request.response())
                .write("part")
                .onComplete(v -> request.connection().close());
        shim.fate = request -> request.response().end("{\"exitStatus\":137}");
        // The gateway gives up after a second, which the first look at a fate can take on a busy machine.
        JsonObject complete = new JsonObject();
        for (int i = 0; i < 5 && !"Runtime.ExitError".equals(complete.getString("ErrorCode")); i++) {
            owner.dispatcher.hello(shim.hello("hello", 1), shim.address());
            try (StreamedAnswer answer = new StreamedAnswer(url(way))) {
                assertThat(answer.chunk()).isEqualTo("part");
                complete = answer.complete();
            }
        }
        assertThat(complete.getString("ErrorCode")).isEqualTo("Runtime.ExitError");
        assertThat(complete.getString("ErrorDetails")).contains("signal: killed");
        shim.fate = request -> request.response().setStatusCode(404).end();
        owner.dispatcher.hello(shim.hello("hello", 1), shim.address()); // it may count as lost on a busy machine
        try (StreamedAnswer answer = new StreamedAnswer(url(way))) {
            assertThat(answer.chunk()).isEqualTo("part");
            complete = answer.complete();
            assertThat(complete.getString("ErrorCode")).isEqualTo("ServiceException");
            assertThat(complete.getString("ErrorDetails")).contains("It may have run");
        }
    }

    @Test
    void theEndOfTheOwnerBreaksTheAnswerOff() throws Exception {
        shim.behaviour = (request, payload) -> begin(request.response()).write("part");
        try (StreamedAnswer answer = new StreamedAnswer(entry.publicUrl())) {
            assertThat(answer.chunk()).isEqualTo("part");

            owner.stop();

            assertThatThrownBy(answer::complete).isInstanceOf(IOException.class);
        }
        Awaitility.await("nothing in hand").until(() -> entry.router.inHand() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void whoDoesNotReadHoldsTheInstanceUp(String way) throws Exception {
        AtomicLong written = new AtomicLong();
        long all = 100L << 20;
        shim.behaviour = (request, payload) -> write(begin(request.response()), written, all);
        try (StreamedAnswer answer = new StreamedAnswer(url(way))) {
            long read = answer.chunkBytes().length;
            long before = -1;
            while (written.get() != before) {
                before = written.get();
                Thread.sleep(300);
            }
            assertThat(before).isLessThan(all / 2);

            while (read < all) {
                read += answer.chunkBytes().length;
            }
            assertThat(read).isEqualTo(all);
            assertThat(answer.complete()).isEmpty();
        }
    }

    private static void write(HttpServerResponse response, AtomicLong written, long all) {
        while (written.get() < all) {
            response.write(Buffer.buffer(BLOCK));
            written.addAndGet(BLOCK.length);
            if (response.writeQueueFull()) {
                response.drainHandler(v -> write(response, written, all));
                return;
            }
        }
        response.end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "entry"})
    void anInstanceRunsOnWithoutItsCaller(String way) throws Exception {
        shim.behaviour = (request, payload) -> {
            shim.held.add(request);
            begin(request.response()).write("first");
        };
        try (StreamedAnswer answer = new StreamedAnswer(url(way))) {
            assertThat(answer.chunk()).isEqualTo("first");
        }
        HttpServerResponse response = held();
        for (int i = 0; i < 100; i++) {
            on(() -> response.write(Buffer.buffer(BLOCK)));
        }
        assertThat(owner.dispatcher.admitted()).isEqualTo(1);

        on(response::end);

        Awaitility.await("the slot is free").until(() -> owner.dispatcher.admitted() == 0);
        shim.behaviour = (request, payload) -> request.response().end("2");
        try (StreamedAnswer next = new StreamedAnswer(url(way))) {
            assertThat(next.chunk()).isEqualTo("2");
        }
    }

    @Test
    void whatIsRefusedIsNoStream() throws Exception {
        try (StreamedAnswer answer = new StreamedAnswer(owner.publicUrl(), "X-Amz-Invocation-Type", "Event")) {
            assertThat(answer.response.statusCode()).isEqualTo(400);
            assertThat(answer.response.headers().firstValue("x-amzn-ErrorType")).contains("ValidationException");
        }
        try (StreamedAnswer answer = new StreamedAnswer(owner.publicUrl(), "X-Amz-Invocation-Type", "DryRun")) {
            assertThat(answer.response.statusCode()).isEqualTo(204);
        }
    }

    @Test
    void whoDoesNotProveToBeTheOwnerIsNotBelieved() throws Exception {
        io.vertx.core.http.HttpServer somebody = vertx.createHttpServer()
                .requestHandler(request -> request.body()
                        .onSuccess(body -> request.response()
                                .setChunked(true)
                                .putHeader(Wire.STREAMED, "1")
                                .putHeader(Wire.PROOF, "0".repeat(64))
                                .end("forged")))
                .listen(0, "127.0.0.3")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, java.util.concurrent.TimeUnit.SECONDS);
        TestGateway other = new TestGateway(vertx, "other", "127.0.0.2", 0, somebody.actualPort());
        other.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
        other.ring.replace(List.of(new dev.kappa.gateway.peers.Peer("somebody", "127.0.0.3")));

        try (StreamedAnswer answer = new StreamedAnswer(other.publicUrl())) {
            assertThat(answer.response.statusCode()).isEqualTo(502);
        }
    }

    @Test
    void anOwnerThatKnowsOfNoStreamsAnswersInOnePiece() throws Exception {
        io.vertx.core.http.HttpServer old = vertx.createHttpServer()
                .requestHandler(PlatformCalls.answering(
                        PlatformTokens.of("secret", PlatformTokens.GATEWAYS, "127.0.0.3", ""),
                        request -> request.body()
                                .onSuccess(body -> request.response()
                                        .putHeader("X-Amz-Log-Result", "bG9n")
                                        .end("old"))))
                .listen(0, "127.0.0.3")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, java.util.concurrent.TimeUnit.SECONDS);
        TestGateway other = new TestGateway(vertx, "other", "127.0.0.2", 0, old.actualPort());
        other.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
        other.ring.replace(List.of(new dev.kappa.gateway.peers.Peer("old", "127.0.0.3")));

        try (StreamedAnswer answer = new StreamedAnswer(other.publicUrl())) {
            assertThat(answer.chunk()).isEqualTo("old");
            assertThat(answer.complete()).isEqualTo(new JsonObject().put("LogResult", "bG9n"));
        }
    }
}
