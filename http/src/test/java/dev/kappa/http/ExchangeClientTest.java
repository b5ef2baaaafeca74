package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.http.ScriptedPeer.Script;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExchangeClientTest {
    private static final long LONG_MS = 30_000;

    private final Vertx vertx = Vertx.vertx();
    private final ExchangeClient client = new ExchangeClient(vertx);
    private final List<ScriptedPeer> peers = new ArrayList<>();
    /** Whose connections all calls of a test share. */
    private Context loop;

    @BeforeEach
    void findLoop() {
        loop = vertx.getOrCreateContext();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        for (ScriptedPeer peer : peers) {
            peer.close();
        }
    }

    private ScriptedPeer peer(Script script) throws Exception {
        ScriptedPeer peer = new ScriptedPeer(script);
        peers.add(peer);
        return peer;
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Future<Reply> begin(int port, String body, long limitMs) {
        Promise<Reply> reply = Promise.promise();
        loop.runOnContext(v -> client.send(
                        "127.0.0.1",
                        port,
                        RequestBytes.post("127.0.0.1", port, "/path").header("X-Name: ", "value"),
                        Buffer.buffer(body),
                        limitMs)
                .onComplete(reply));
        return reply.future();
    }

    private Reply send(int port, String body) throws Exception {
        return get(begin(port, body, LONG_MS));
    }

    private static <T> T get(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Keeps what it gets, and takes it when it is told to. */
    private static final class HeldSink implements BodySink {
        final Buffer all = Buffer.buffer();
        final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        volatile int length;
        volatile boolean open;

        @Override
        public boolean begin(Reply head) {
            return head.header("X-Streamed") != null;
        }

        @Override
        public void piece(Buffer piece, Runnable taken) {
            all.appendBuffer(piece);
            length = all.length();
            if (open) {
                taken.run();
            } else {
                waiting.add(taken);
            }
        }

        void open() {
            open = true;
            waiting.forEach(Runnable::run);
        }
    }

    private Future<Reply> begin(int port, BodySink sink) {
        Promise<Reply> reply = Promise.promise();
        loop.runOnContext(v -> client.send(
                        "127.0.0.1",
                        port,
                        RequestBytes.post("127.0.0.1", port, "/path"),
                        Buffer.buffer("1"),
                        LONG_MS,
                        sink)
                .onComplete(reply));
        return reply.future();
    }

    private static String chunks(String head, int chunks, String trailers) {
        String chunk = "x".repeat(0x4000);
        return "HTTP/1.1 200 OK\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n"
                + ("4000\r\n" + chunk + "\r\n").repeat(chunks) + "0\r\n" + trailers + "\r\n";
    }

    @Test
    void stopsReadingWhileNobodyTakesTheBody() throws Exception {
        int chunks = 4_000; // 64 MB, more than sockets buffer
        ScriptedPeer peer = peer(
                (number, head, body) -> number == 1 ? chunks("X-Streamed: 1\r\n", chunks, "X-End: t\r\n") : ok("next"));
        HeldSink sink = new HeldSink();

        Future<Reply> reply = begin(peer.port(), sink);

        int before = -1;
        while (sink.length == 0 || sink.length != before) {
            before = sink.length;
            Thread.sleep(200);
        }
        assertThat(before).isLessThan(8 << 20);
        loop.runOnContext(v -> sink.open());
        assertThat(get(reply).header("x-end")).isEqualTo("t");
        assertThat(sink.length).isEqualTo(chunks * 0x4000);
        assertThat(send(peer.port(), "1").body()).hasToString("next");
        assertThat(peer.connections).hasSize(1);
    }

    @Test
    void getsAllOfABodyWhoseEndCameWhileNobodyTookIt() throws Exception {
        HeldSink sink = new HeldSink();
        CountDownLatch ended = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket socket = server.accept()) {
                    assertThat(socket.getInputStream().read(new byte[4_096])).isPositive(); // else its end is a reset
                    String answer = chunks("X-Streamed: 1\r\n", 64, "X-End: t\r\n"); // 1 MB
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                ended.countDown();
            });
            Future<Reply> reply = begin(server.getLocalPort(), sink);
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(300); // for the end to come here

            loop.runOnContext(v -> sink.open());

            assertThat(get(reply).header("x-end")).isEqualTo("t");
        }
        assertThat(sink.length).isEqualTo(64 * 0x4000);
    }

    @Test
    void keepsABodyThatTheSinkDoesNotWant() throws Exception {
        ScriptedPeer peer = peer((number, head, body) -> chunks("", 2, ""));
        HeldSink sink = new HeldSink();

        assertThat(get(begin(peer.port(), sink)).body().length()).isEqualTo(2 * 0x4000);

        assertThat(sink.length).isZero();
    }

    @Test
    void sendsOneRequestAfterAnotherOverOneConnection() throws Exception {
        Queue<String> heads = new ConcurrentLinkedQueue<>();
        ScriptedPeer peer = peer((number, head, body) -> {
            heads.add(head);
            return ok(number + " " + new String(body, StandardCharsets.US_ASCII));
        });

        for (int i = 1; i <= 20; i++) {
            assertThat(send(peer.port(), "body").body()).hasToString(i + " body");
        }

        assertThat(peer.connections).hasSize(1);
        assertThat(heads)
                .allMatch(("POST /path HTTP/1.1\r\nHost: 127.0.0.1:" + peer.port()
                        + "\r\nX-Name: value\r\nContent-Length: 4\r\n\r\n")::equals);
    }

    @Test
    void carriesLargeBodies() throws Exception {
        ScriptedPeer peer = peer((number, head, body) -> ok(new String(body, StandardCharsets.US_ASCII)));

        for (int size : new int[] {0, 1, 32 * 1024, 32 * 1024 + 1, 6 << 20}) {
            String body = "x".repeat(size);
            assertThat(send(peer.port(), body).body().toString()).isEqualTo(body);
        }
        assertThat(peer.connections).hasSize(1);
    }

    @Test
    void runsAsManyExchangesAtOnceAsAreAsked() throws Exception {
        CountDownLatch all = new CountDownLatch(20);
        ScriptedPeer peer = peer((number, head, body) -> {
            all.countDown();
            return all.await(20, TimeUnit.SECONDS) ? ok("1") : "";
        });
        List<Future<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            replies.add(begin(peer.port(), "1", LONG_MS));
        }

        for (Future<Reply> reply : replies) {
            assertThat(get(reply).status()).isEqualTo(200);
        }
    }

    @Test
    void saysWhetherSomethingWasSent() throws Exception {
        ScriptedPeer peer = peer((number, head, body) -> "");
        ScriptedPeer closed = peer((number, head, body) -> "");
        closed.close();

        assertThatThrownBy(() -> send(closed.port(), "1")).isInstanceOf(NotConnectedException.class);
        assertThatThrownBy(() -> send(-7, "1")).isInstanceOf(NotConnectedException.class);
        assertThatThrownBy(() -> send(peer.port(), "1"))
                .isInstanceOf(BrokenExchangeException.class)
                .hasMessage("Connection was closed");
    }

    @Test
    void endsAnExchangeWhoseAnswerDoesNotCome() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ScriptedPeer peer = peer((number, head, body) -> never.await(50, TimeUnit.SECONDS) ? "" : ok("too late"));

        assertThatThrownBy(() -> get(begin(peer.port(), "1", 100)))
                .isInstanceOf(BrokenExchangeException.class)
                .hasMessageContaining("100 ms");
        never.countDown();
    }

    @Test
    void takesAnotherConnectionAfterOneThatEnded() throws Exception {
        ScriptedPeer closing =
                peer((number, head, body) -> "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1");
        ScriptedPeer talkative = peer((number, head, body) -> ok("1") + ok("2"));
        ScriptedPeer malformed = peer((number, head, body) -> "HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\n1");

        for (int i = 1; i <= 3; i++) {
            assertThat(send(closing.port(), "1").body()).hasToString("1");
            assertThat(send(talkative.port(), "1").body()).hasToString("1");
            assertThatThrownBy(() -> send(malformed.port(), "1")).isInstanceOf(BrokenExchangeException.class);
            assertThat(closing.connections).hasSize(i);
            assertThat(talkative.connections).hasSize(i);
            assertThat(malformed.connections).hasSize(i);
        }
    }

    @Test
    void takesNothingThatNobodyAskedForAsAnAnswer() throws Exception {
        ScriptedPeer peer = peer((number, head, body) -> ok(new String(body, StandardCharsets.US_ASCII)));
        send(peer.port(), "1");
        Socket kept = peer.connections.getFirst();

        kept.getOutputStream().write(ok("forged").getBytes(StandardCharsets.US_ASCII));

        // The client closes the connection, and then so does the thread that serves it.
        while (!kept.isClosed()) {
            Thread.sleep(5);
        }
        assertThat(send(peer.port(), "2").body()).hasToString("2");
        assertThat(peer.connections).hasSize(2);
    }

    @Test
    void worksFromAThreadThatIsNoEventLoop() throws Exception {
        ScriptedPeer peer = peer((number, head, body) -> ok("1"));
        RequestBytes head = RequestBytes.post("127.0.0.1", peer.port(), "/path");

        Reply reply = get(client.send("127.0.0.1", peer.port(), head, Buffer.buffer(), LONG_MS));

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void letsNoValueEndItsHeader() {
        RequestBytes head = RequestBytes.post("::1", 80, "/");
        for (String value : List.of("a\r\nX-B: 1", "a\nb", "a\rb", "a\0b", "日")) {
            assertThatThrownBy(() -> head.copy().header("X-A: ", value)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(head.header("X-A: ", "a\tb é").end(0, 0).toString(StandardCharsets.ISO_8859_1.name()))
                .isEqualTo("POST / HTTP/1.1\r\nHost: [::1]:80\r\nX-A: a\tb é\r\nContent-Length: 0\r\n\r\n");
    }
}
