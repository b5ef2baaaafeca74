package dev.kappa.shim.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request begins and ends, as RFC 9112 has it, and nothing that two parsers could read in two ways. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FramingTest {
    private static final Limits LIMITS = new Limits(8_192, 20, 1_000, 0, 60_000, 60_000, 60_000, 50, 1);

    private Listener listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new Listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), LIMITS, new Watchdog(), FramingTest::echo);
        listener.start(true);
    }

    @AfterEach
    void stop() {
        listener.stop();
    }

    /** Answers with what it understood. */
    private static void echo(Exchange exchange) throws IOException {
        if (exchange.path().equals("/unread")) {
            exchange.answer(Reply.text(200, "unread"));
            return;
        }
        String body = new String(exchange.body(), StandardCharsets.ISO_8859_1);
        exchange.answer(Reply.text(
                        200,
                        exchange.method() + " " + exchange.path() + " " + exchange.query() + " [" + body + "] "
                                + exchange.header("a") + " " + exchange.trailer("t"))
                .with("Echo", String.valueOf(exchange.header("a"))));
    }

    private RawClient client() throws IOException {
        return new RawClient(listener.port());
    }

    private static String post(String more, String body) {
        return "POST /p HTTP/1.1\r\nHost: x\r\n" + more + "\r\n" + body;
    }

    @Test
    void readsABodyByItsLengthAndKeepsTheConnection() throws IOException {
        try (RawClient client = client()) {
            for (String body : new String[] {"", "x", "x".repeat(1_000)}) {
                String answer = client.send(post("Content-Length: " + body.length() + "\r\nA:  b c\t\r\n", body))
                        .answer();
                assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("POST /p null [" + body + "] b c null\n");
            }
            assertThat(client.send("GET /p?a=1?b HTTP/1.1\r\nhOST: x\r\n\r\n").answer())
                    .contains("GET /p a=1?b []");
        }
    }

    @Test
    void readsAHeadAndABodyThatComeByteByByte() throws IOException {
        try (RawClient client = client()) {
            client.sendByteByByte(post("Content-Length: 3\r\n", "abc"));
            assertThat(client.answer()).contains("[abc]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3\r\nabc\r\n0\r\n\r\n",
                "1\r\na\r\n1;x=y\r\nb\r\n00001\r\nc\r\n0\r\n\r\n",
                "3 \r\nabc\r\n0\r\nT: u\r\nT2: v\r\n\r\n"
            })
    void readsABodyInChunks(String chunks) throws IOException {
        String trailer = chunks.contains("T: u") ? "u" : "null";
        try (RawClient client = client()) {
            String head = post("Transfer-Encoding: Chunked\r\n", "");
            assertThat(client.send(head + chunks + head + chunks).answer()).contains("[abc] null " + trailer);
            assertThat(client.answer()).contains("[abc] null " + trailer);
            client.send(head).sendByteByByte(chunks);
            assertThat(client.answer()).contains("[abc] null " + trailer);
        }
    }

    @Test
    void answersRequestsThatComeTogetherInTheirOrder() throws IOException {
        try (RawClient client = client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append(post("Content-Length: 2\r\n", i < 10 ? "0" + i : "" + i));
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer()).contains(i < 10 ? "[0" + i + "]" : "[" + i + "]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400|Content-Length: 3\r\nContent-Length: 3\r\n",
                "400|Content-Length: 3\r\nContent-Length: 4\r\n",
                "400|Content-Length: 3, 3\r\n",
                "400|Content-Length: +3\r\n",
                "400|Content-Length: -1\r\n",
                "400|Content-Length: 0x3\r\n",
                "400|Content-Length:\r\n",
                "400|Content-Length: 3 3\r\n",
                "400|Content-Length: 9999999999999999999\r\n",
                "400|Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "400|Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "501|Transfer-Encoding: gzip, chunked\r\n",
                "501|Transfer-Encoding: identity\r\n",
                "501|Transfer-Encoding: xchunked\r\n",
                "400|Content-Length : 3\r\n",
                "400| Content-Length: 3\r\n",
                "400|A: b\r\n c\r\n",
                "400|A: b\r\n\tc\r\n",
                "400|A b\r\n",
                "400|: b\r\n",
                "400|A\u00e4: b\r\n",
                "400|A: b\n",
                "400|A: b\rc\r\n",
                "400|A: b\r\r\n",
                "400|A: \0b\r\n",
                "400|Host: y\r\n",
                "417|Expect: something\r\n"
            })
    void refusesWhatCouldBeReadInTwoWays(String statusAndHeaders) throws IOException {
        String[] parts = statusAndHeaders.split("\\|", 2);
        try (RawClient client = client()) {
            String answer = client.send(post(parts[1], "abc")).rest();

            assertThat(answer).startsWith("HTTP/1.1 " + parts[0] + " ").contains("\r\nConnection: close\r\n");
            assertThat(answer.split("HTTP/1.1", -1)).as("one answer").hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400|\r\n",
                "400|GET\r\n\r\n",
                "400|GET /\r\n\r\n",
                "400|GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
                "400|GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
                "400|GET / x HTTP/1.1\r\nHost: x\r\n\r\n",
                "400|G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
                "400|GET x HTTP/1.1\r\nHost: x\r\n\r\n",
                "400|GET /\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n",
                "400|GET / HTTP/1.1\r\n\r\n",
                "400|GET / HTTP/1.1\nHost: x\n\n",
                "400|GET / ICY/1.1\r\nHost: x\r\n\r\n",
                "505|GET / HTTP/2.0\r\nHost: x\r\n\r\n",
                "400|POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void refusesAFirstLineThatIsNone(String statusAndRequest) throws IOException {
        String[] parts = statusAndRequest.split("\\|", 2);
        try (RawClient client = client()) {
            assertThat(client.send(parts[1]).rest()).startsWith("HTTP/1.1 " + parts[0] + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                "-1\r\n",
                "0x3\r\nabc\r\n",
                "3\nabc\n0\n\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "123456789\r\n",
                "3\r\nabc\r\n0\r\nT: u\n\r\n",
                "3\r\nabc\r\n0\r\n T: u\r\n\r\n"
            })
    void refusesChunksThatAreNone(String chunks) throws IOException {
        try (RawClient client = client()) {
            String answer =
                    client.send(post("Transfer-Encoding: chunked\r\n", chunks)).rest();

            assertThat(answer).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void refusesTooManyAndTooLargeHeadersAndBodies() throws IOException {
        try (RawClient many = client();
                RawClient large = client();
                RawClient body = client();
                RawClient chunks = client()) {
            assertThat(many.send(post("A: b\r\n".repeat(30), "")).rest()).startsWith("HTTP/1.1 431 ");
            assertThat(large.send(post("A: " + "b".repeat(9_000) + "\r\n", "")).rest())
                    .startsWith("HTTP/1.1 431 ");
            assertThat(body.send(post("Content-Length: 1001\r\n", "")).rest())
                    .as("before the body is there")
                    .startsWith("HTTP/1.1 413 ");
            assertThat(chunks.send(post(
                                    "Transfer-Encoding: chunked\r\n", "3e9\r\n" + "x".repeat(1_001) + "\r\n0\r\n\r\n"))
                            .rest())
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void tellsToContinueWhoWaitsForThat() throws IOException {
        try (RawClient client = client()) {
            client.send(post("Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("abc").answer()).contains("[abc]");
            client.send(post("Content-Length: 1001\r\nExpect: 100-continue\r\n", ""));
            assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        try (RawClient client = client()) {
            client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.head()).contains("Content-Length: 26\r\n");
            assertThat(client.send(post("Content-Length: 1\r\n", "a")).answer())
                    .startsWith("HTTP/1.1 200")
                    .contains("[a]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: a, Close\r\n\r\n"
            })
    void endsTheConnectionOfWhoAsksForThat(String request) throws IOException {
        try (RawClient client = client()) {
            String all = client.send(request + "GET /second HTTP/1.1\r\nHost: x\r\n\r\n")
                    .rest();

            assertThat(all)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nConnection: close\r\n")
                    .doesNotContain("second");
        }
    }

    @Test
    void aBodyThatNobodyReadIsNoRequest() throws IOException {
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
        try (RawClient there = client();
                RawClient toCome = client();
                RawClient chunked = client()) {
            String head = "POST /unread HTTP/1.1\r\nHost: x\r\n";
            there.send(head + "Content-Length: " + smuggled.length() + "\r\n\r\n" + smuggled + post("", ""));
            assertThat(there.answer()).contains("unread");
            assertThat(there.answer()).contains("POST /p null []");

            toCome.send(head + "Content-Length: 2000\r\n\r\n");
            assertThat(toCome.answer()).contains("unread", "Connection: close");
            assertThat(toCome.send(smuggled).finish().rest()).isEmpty();

            chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + smuggled);
            assertThat(chunked.finish().rest()).contains("Connection: close").doesNotContain("/smuggled");
        }
    }

    @Test
    void whatAHeaderMayNotContainLeavesAsAQuestionMark() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.send(post("A: b\u0001\u007f\u00e4c\r\n", "")).answer())
                    .contains("\r\nEcho: b???c\r\n");
            byte[] head = Reply.of(200).with("A", "b\r\nC: d\n\0").head();
            assertThat(new String(head, StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200 OK\r\nA: b??C: d??\r\nContent-Length: 0\r\n\r\n");
        }
    }
}
