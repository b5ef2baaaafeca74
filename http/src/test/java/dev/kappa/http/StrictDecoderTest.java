package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.http.StrictDecoder.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client writes, byte for byte, and what it reads. */
@Timeout(60)
class StrictDecoderTest {
    private static Vertx vertx;
    private static int port;

    @BeforeAll
    static void listen() throws Exception {
        vertx = Vertx.vertx();
        port = HttpPorts.server(vertx, HttpPorts.options(), patience(Duration.ofSeconds(1)))
                .requestHandler(request -> request.body()
                        .onSuccess(body -> request.response().end("<" + request.path() + " " + body + ">")))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterAll
    static void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static Patience patience(Duration duration) {
        return new Patience(duration, duration);
    }

    /** All that is answered until the server closes. */
    private static String answer(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(text.replace("\\r", "\r")
                            .replace("\\n", "\n")
                            .replace("\\t", "\t")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
            POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 5\\r\\n\\r\\n0\\r\\n\\r\\n
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +1\\r\\n\\r\\na
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -1\\r\\n\\r\\na
            POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n0\\r\\n\\r\\n
            POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n
            POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
            POST / HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n
            POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding : chunked\\r\\n\\r\\n0\\r\\n\\r\\n
            GET / HTTP/1.1\\r\\n\\r\\n
            GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n
            GET / HTTP/1.1\\r\\nHost: a\\r\\nX: 1\\r\\n folded\\r\\n\\r\\n
            GET / HTTP/1.1\\r\\nHost: a\\r\\nX: 1\\r\\n\\tfolded\\r\\n\\r\\n
            GET / HTTP/1.1\\nHost: a\\n\\n
            GET / HTTP/1.1\\r\\nHost: a\\nX: 1\\r\\n\\r\\n
            """)
    void whatAnotherServerCouldReadOtherwiseIsRefused(String request) throws IOException {
        assertThat(answer(request)).matches("(?s)HTTP/1[.][01] 400 [^<]*");
    }

    @Test
    void nothingIsSmuggledBehindARefusedRequest() throws IOException {
        assertThat(answer(
                        "POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 39\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n"
                                + "GET /smuggled HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"))
                .doesNotContain("smuggled");
    }

    @Test
    void anUpgradeToHttp2IsNotOffered() throws IOException {
        assertThat(answer(
                        "GET /x HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade, HTTP2-Settings\\r\\nUpgrade: h2c\\r\\n"
                                + "HTTP2-Settings: AAMAAABkAAQAAP__\\r\\n\\r\\n"
                                + "GET /y HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"))
                .startsWith("HTTP/1.1 200 ")
                .contains("</x ");
    }

    @Test
    void closeAmongOtherOptionsClosesTheConnection() throws IOException {
        assertThat(answer("GET /x HTTP/1.1\\r\\nHost: a\\r\\nConnection: Upgrade, close\\r\\nUpgrade: h2c\\r\\n\\r\\n"))
                .contains("</x ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET /slow HTTP/1.1\\r\\nHost:
            G
            POST /slow HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\nab
            POST /slow HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nab
            """)
    void aRequestThatStopsIsEnded(String request) throws IOException {
        assertThat(answer(request)).doesNotContain("<");
    }

    @Test
    void goodRequestsAreServedOneAfterTheOther() throws IOException {
        assertThat(answer("POST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 2\\r\\n\\r\\nab"
                        + "POST /b HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\ncd\\r\\n0\\r\\n\\r\\n"
                        + "GET /c HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"))
                .contains("</a ab>", "</b cd>", "</c >");
        assertThat(answer("GET /old HTTP/1.0\\r\\n\\r\\n")).contains("</old >");
    }

    /** While nobody reads it, which is the server's own doing. */
    @Test
    void aBodyThatTheServerDoesNotTakeYetMayWait() throws Exception {
        int waiting = HttpPorts.server(vertx, HttpPorts.options(), patience(Duration.ofMillis(500)))
                .requestHandler(request -> {
                    request.pause();
                    vertx.setTimer(2_000, id -> {
                        request.body().onSuccess(body -> request.response().end("<" + body.length() + ">"));
                        request.resume();
                    });
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), waiting)) {
            socket.setSoTimeout(20_000);
            int length = 8 << 20;
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[length]);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("<" + length + ">");
        }
    }

    @Test
    void whoDoesNotTakeTheAnswerIsCutOff() throws Exception {
        CountDownLatch cutOff = new CountDownLatch(1);
        int writing = HttpPorts.server(vertx, HttpPorts.options(), patience(Duration.ofMillis(400)))
                .requestHandler(request -> {
                    request.connection().closeHandler(v -> cutOff.countDown());
                    // More than the buffers of both ends hold.
                    request.response().end(Buffer.buffer(new byte[64 << 20]));
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), writing)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(cutOff.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
