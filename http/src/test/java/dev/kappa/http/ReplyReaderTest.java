package dev.kappa.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ReplyReaderTest {
    private static final String LONG = "x".repeat(5_000);

    private static Buffer latin(String text) {
        return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a text in pieces of random sizes. */
    private static @Nullable Reply read(ReplyReader reader, String text, int largest, Random random)
            throws BrokenExchangeException {
        Buffer all = latin(text);
        Reply reply = null;
        for (int at = 0; at < all.length() && reply == null; ) {
            int end = Math.min(all.length(), at + 1 + random.nextInt(largest));
            reply = reader.take(all.getBuffer(at, end));
            at = end;
        }
        return reply;
    }

    private static @Nullable Reply read(String text) throws BrokenExchangeException {
        return new ReplyReader().take(latin(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nx-a:1\r\ncontent-length:5  \r\n\r\nhello",
                "HTTP/1.1 200\r\nX-A:\t1 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n03;x=y\r\nllo\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"
            })
    void readsTheSameHoweverItComes(String text) throws Exception {
        Random random = new Random(3);
        for (int largest : new int[] {1, 2, 3, 7, 1_000}) {
            for (int i = 0; i < 50; i++) {
                ReplyReader reader = new ReplyReader();
                Reply reply = requireNonNull(read(reader, text, largest, random));

                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.header("x-A")).isEqualTo("1");
                assertThat(reply.header("absent")).isNull();
                assertThat(reply.body()).hasToString("hello");
                assertThat(reader.keepsConnection()).isTrue();
            }
        }
    }

    @Test
    void readsLongHeadsAndBodies() throws Exception {
        String text = "HTTP/1.1 404 Not Found\r\nX-Long: " + LONG + "\r\nContent-Length: 300000\r\n\r\n"
                + "y".repeat(300_000);
        Random random = new Random(5);
        for (int largest : new int[] {100, 5_000, 1 << 20}) {
            Reply reply = requireNonNull(read(new ReplyReader(), text, largest, random));

            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.header("X-Long")).isEqualTo(LONG);
            assertThat(reply.body().toString()).isEqualTo("y".repeat(300_000));
        }
    }

    @Test
    void readsAnAnswerWithoutABody() throws Exception {
        assertThat(read("HTTP/1.1 204 No Content\r\n\r\n")).isNotNull();
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).isNotNull();
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")).isNull();
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nconnection: Keep-Alive, Close\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"
            })
    void keepsNoConnectionThatIsClosedOrHasMoreInIt(String text) throws Exception {
        ReplyReader reader = new ReplyReader();

        assertThat(reader.take(latin(text))).isNotNull();
        assertThat(reader.keepsConnection()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2 0 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 200 O\nK\r\nContent-Length: 0\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n1",
                "HTTP/1.1 200 OK\r\n Content-Length: 1\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-A: 1\r\n folded\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-A: 1\nX-B: 2\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-A: 1\rX-B: 2\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-A: \0\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nnothing\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n: nameless\r\n\r\n1",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000000000000000\r\n"
            })
    void refusesWhatTwoReadersCouldUnderstandDifferently(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(BrokenExchangeException.class);
    }

    @Test
    void holdsNoHeadWithoutAnEnd() {
        ReplyReader reader = new ReplyReader();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        reader.take(latin("HTTP/1.1 200 OK\r\nX-A: " + "a".repeat(1_000)));
                    }
                })
                .isInstanceOf(BrokenExchangeException.class)
                .hasMessageContaining("too long");
    }
}
