package dev.kappa.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.http.LoopClient;
import dev.kappa.http.PlatformCalls;
import dev.kappa.http.SourceAddress;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ControlPlaneProxyTest {
    private static final PlatformTokens TOKENS = PlatformTokens.of("secret", PlatformTokens.API, "", "");

    private boolean proves = true;
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private HttpServer listen(Handler<HttpServerRequest> handler) throws Exception {
        return vertx.createHttpServer(new HttpServerOptions().setHandle100ContinueAutomatically(true))
                .requestHandler(proves ? PlatformCalls.answering(TOKENS, handler) : handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    private int proxy(int controlPlane) throws Exception {
        return listen(new ControlPlaneProxy(
                        LoopClient.ofPlatform(vertx),
                        URI.create("http://127.0.0.1:" + controlPlane),
                        SourceAddress.PEER,
                        TOKENS))
                .actualPort();
    }

    /** Bytes as they are on the wire, which a client would make canonical. */
    private static String exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void echo(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> request.response()
                        .setStatusCode(418)
                        .putHeader("X-Kappa-Test", "1")
                        .end(new JsonObject()
                                .put("method", request.method().name())
                                .put("uri", request.uri())
                                .put("host", request.getHeader("Host"))
                                .put("authorization", request.getHeader("Authorization"))
                                .put("hop", request.getHeader("X-Hop"))
                                .put(
                                        "source",
                                        String.join(",", request.headers().getAll("X-Kappa-Source-Address")))
                                .put("token", request.getHeader(Wire.TOKEN))
                                .put("proven", TOKENS.proves(request.getHeader(Wire.PLATFORM), null))
                                .put("encoding", request.getHeader("Transfer-Encoding"))
                                .put("body", body.toString())
                                .encode()));
    }

    private static JsonObject body(String answer) {
        return new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void passesACallOnAsItCame() throws Exception {
        int proxy = proxy(listen(ControlPlaneProxyTest::echo).actualPort());

        String answer = exchange(proxy, """
                PUT /2015-03-31/functions/a%3Ab/aliases/x%20y?b=2&a=%2F HTTP/1.1\r
                Host: lambda.us-east-1.amazonaws.com\r
                Authorization: AWS4-HMAC-SHA256 Credential=a\r
                Connection: close\r
                Connection: X-Hop\r
                X-Hop: 1\r
                X-Kappa-Source-Address: 8.8.8.8\r
                X-Kappa-Token: mine\r
                X-Kappa-Platform: mine\r
                Content-Length: 6\r
                \r
                {"a":1""");

        assertThat(answer).startsWith("HTTP/1.1 418 ").containsIgnoringCase("X-Kappa-Test: 1");
        assertThat(body(answer))
                .isEqualTo(new JsonObject()
                        .put("method", "PUT")
                        .put("uri", "/2015-03-31/functions/a%3Ab/aliases/x%20y?b=2&a=%2F")
                        .put("host", "lambda.us-east-1.amazonaws.com")
                        .put("authorization", "AWS4-HMAC-SHA256 Credential=a")
                        .putNull("hop")
                        .put("source", "127.0.0.1")
                        .putNull("token")
                        .put("proven", true)
                        .putNull("encoding")
                        .put("body", "{\"a\":1"));
    }

    @Test
    void aCallWithoutABodyStaysOne() throws Exception {
        int proxy = proxy(listen(ControlPlaneProxyTest::echo).actualPort());

        JsonObject passed = body(exchange(proxy, "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));

        assertThat(passed.getString("encoding")).isNull();
        assertThat(passed.getString("body")).isEmpty();
    }

    @Test
    void whoDoesNotProveToBeTheControlPlaneIsNotBelieved() throws Exception {
        proves = false;

        String answer = exchange(
                proxy(listen(ControlPlaneProxyTest::echo).actualPort()),
                "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 503 ").doesNotContain("X-Kappa-Test");
        assertThat(body(answer).getString("Message")).contains("does not prove to be of this installation");
    }

    @Test
    void answersInWordsWhenTheControlPlaneIsAway() throws Exception {
        HttpServer gone = listen(request -> {});
        int port = gone.actualPort();
        gone.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);

        String answer = exchange(proxy(port), "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("x-amzn-ErrorType: ServiceException");
        assertThat(body(answer).getString("Message"))
                .startsWith("The control plane (kappa-api) cannot be reached (")
                .endsWith("nothing was done. Try again.");
    }

    @Test
    void saysThatACallMayHaveBeenCarriedOutWhenTheAnswerBreaksOff() throws Exception {
        try (ServerSocket dying = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket taken = dying.accept()) {
                    assertThat(taken.getInputStream().read()).isPositive();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            int proxy = proxy(dying.getLocalPort());

            String answer = exchange(proxy, "DELETE /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 503 ");
            assertThat(body(answer).getString("Message")).contains("may have been carried out");
        }
    }

    @Test
    void aBodyThatBreaksOffDoesNotLookLikeOneThatEnded() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        int proxy = proxy(listen(request -> request.body().onComplete(read -> ended.complete(read.succeeded())))
                .actualPort());

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
            socket.getOutputStream()
                    .write("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            Thread.sleep(300);
        }

        assertThat(ended.get(5, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void doesNotHoldWhatTheControlPlaneHasNotRead() throws Exception {
        HttpServer slow = listen(HttpServerRequest::pause);
        int proxy = proxy(slow.actualPort());
        AtomicLong sent = new AtomicLong();

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
            OutputStream out = socket.getOutputStream();
            out.write("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1073741824\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    byte[] chunk = new byte[64 * 1024];
                    while (true) {
                        out.write(chunk);
                        sent.addAndGet(chunk.length);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            Thread.sleep(2000);
            long before = sent.get();
            Thread.sleep(1000);

            assertThat(sent.get()).isEqualTo(before).isLessThan(64 << 20);
            assertThat(writer.isAlive()).isTrue();
        }
    }

    @Test
    void answersFlowAsFastAsTheCallerReads() throws Exception {
        byte[] large = new byte[20 << 20];
        int proxy = proxy(
                listen(request -> request.response().end(Buffer.buffer(large))).actualPort());

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
            socket.getOutputStream()
                    .write("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            socket.setSoTimeout(5000);
            InputStream in = socket.getInputStream();
            Thread.sleep(500);

            assertThat(in.readAllBytes().length).isGreaterThan(large.length);
        }
    }
}
