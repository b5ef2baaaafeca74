package dev.kappa.shim.runtimeapi;

import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.StreamedAnswer;
import dev.kappa.shim.http.Exchange;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads what a runtime answers, to keep all of it or to pass each piece on. */
final class AnswerBody {
    private static final String HEADER = "Lambda-Runtime-";
    private static final int BLOCK = 16 << 10;

    private AnswerBody() {}

    /** What the runtime said ended in the middle. */
    static final class BrokenOffException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenOffException(IOException cause) {
            super(cause);
        }
    }

    static Outcome kept(Exchange exchange) throws BrokenOffException {
        try {
            byte[] body = exchange.bodyUpTo(Outcome.MAX_ANSWER);
            return body == null ? Outcome.tooLarge() : outcome(exchange, body);
        } catch (IOException e) {
            throw new BrokenOffException(e);
        }
    }

    /** Reads to the end also if nobody takes it any more, as on Lambda. */
    static Outcome passedOn(Exchange exchange, StreamedAnswer stream) throws BrokenOffException {
        String type = exchange.header("Content-Type");
        byte[] block = new byte[BLOCK];
        boolean wanted = true;
        for (int length = read(exchange, block); length >= 0; length = read(exchange, block)) {
            wanted = wanted && write(stream, type == null ? "application/octet-stream" : type, block, length);
        }
        return outcome(exchange, new byte[0]);
    }

    private static int read(Exchange exchange, byte[] block) throws BrokenOffException {
        try {
            return exchange.read(block);
        } catch (IOException e) {
            throw new BrokenOffException(e);
        }
    }

    private static boolean write(StreamedAnswer stream, String type, byte[] block, int length) {
        try {
            stream.write(type, block, 0, length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Outcome outcome(Exchange exchange, byte[] body) {
        String failed = exchange.trailer(HEADER + "Function-Error-Type");
        if (failed == null || failed.isEmpty()) {
            return new Outcome.Answer(body);
        }
        String type = Outcome.bookedType(failed); // a stream that failed after it had begun
        return new Outcome.Failure(type, decoded(type, exchange.trailer(HEADER + "Function-Error-Body")));
    }

    private static byte[] decoded(String type, @Nullable String base64) {
        try {
            return base64 == null || base64.isEmpty()
                    ? Outcome.error(type, "")
                    : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return Outcome.error(type, "");
        }
    }
}
