package dev.kappa.shim.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any bytes are requests or refused, and the same however they are cut; never another failure. */
class FuzzTest {
    private static final Limits LIMITS = new Limits(2_048, 10, 500, 0, 0, 0, 0, 1, 1);
    private static final int ROUNDS = 30_000;
    private static final String[] PARTS = {
        "GET ", "POST ", "/", "/a?b", " HTTP/1.1", " HTTP/1.0", "\r\n", "\r\n\r\n", "\n", "\r", "Host: x\r\n",
        "Content-Length: ", "Transfer-Encoding: chunked\r\n", "3", "0", "abc", ":", " ", "\t", "\0", ",", "Expect: ",
        "0\r\n\r\n", "3\r\nabc\r\n", "A: b\r\n", "\u00ff", "Connection: close\r\n", "ffffffff", ";"
    };

    /** Gives at most so many bytes at once. */
    private static final class Slices extends ByteArrayInputStream {
        private final Random random;

        Slices(byte[] bytes, long seed) {
            super(bytes);
            random = new Random(seed);
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, length == 0 ? 0 : 1 + random.nextInt(Math.min(length, 40)));
        }
    }

    @Test
    void bytesAreReadTheSameHoweverTheyAreCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = bytes(random);
            String whole = understood(new ByteArrayInputStream(bytes));

            assertThat(understood(new Slices(bytes, random.nextLong())))
                    .as("seed %d round %d: %s", seed, round, new String(bytes, StandardCharsets.ISO_8859_1))
                    .isEqualTo(whole);
        }
    }

    private static byte[] bytes(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(4) > 0) {
            text.append("POST / HTTP/1.1\r\nHost: x\r\n");
        }
        for (int i = random.nextInt(15); i > 0; i--) {
            text.append(
                    random.nextInt(20) == 0
                            ? String.valueOf((char) random.nextInt(256))
                            : PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String understood(ByteArrayInputStream stream) {
        Input input = new Input(stream);
        StringBuilder all = new StringBuilder();
        try {
            while (input.more(LIMITS.headBytes()) || !input.isEmpty()) {
                while (!input.hasHead()) {
                    if (!input.more(LIMITS.headBytes())) {
                        return all + "ended";
                    }
                }
                Head head = input.head(LIMITS);
                byte[] body = new Body(input, LIMITS, head.length()).all(LIMITS.bodyBytes());
                all.append(head.method())
                        .append(head.path())
                        .append(head.last())
                        .append(body == null ? "too long" : new String(body, StandardCharsets.ISO_8859_1))
                        .append('|');
            }
        } catch (BadRequest e) {
            return all.append(e.status()).toString();
        } catch (IOException e) {
            return all + "ended";
        }
        return all + "over";
    }
}
