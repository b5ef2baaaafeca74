package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one HTTP/1.1 response of a fixed peer. It is strict, since a handler may have taken the peer's place: what two readers
 * could understand differently is refused.
 */
final class ReplyReader {
    private static final int MAX_HEAD = 64 * 1024;
    /** More than any function may answer; without a limit one instance could fill the gateway's memory. */
    private static final int MAX_BODY = 16 << 20;

    /** Of a longer body the memory is taken as it comes, not as it is announced. */
    private static final int FIRST_BODY = 256 * 1024;

    private static final int TYPICAL_HEAD = 2048;

    private @Nullable Buffer begun;
    private @Nullable ReplyHead head;
    private @Nullable Buffer body;
    private @Nullable ChunkReader chunks;
    private boolean more;
    private final @Nullable BodyFlow flow;
    private boolean passedOn;

    /** A reader that keeps the body for the reply. */
    ReplyReader() {
        this(null);
    }

    /**
     * @param flow gets a body in chunks if it wants to
     */
    ReplyReader(@Nullable BodyFlow flow) {
        this.flow = flow;
    }

    /**
     * Takes what came.
     *
     * @param part not used by anybody else any more
     * @return the answer once it is complete
     * @throws BrokenExchangeException if it is no answer
     */
    @Nullable
    Reply take(Buffer part) throws BrokenExchangeException {
        ReplyHead known = head;
        if (known != null) {
            return body(known, part);
        }
        Buffer all = begun == null ? part : begun.appendBuffer(part);
        int end = headEnd(all);
        if (end > MAX_HEAD || (end < 0 && all.length() > MAX_HEAD)) {
            throw new BrokenExchangeException("the answer's head is too long");
        }
        if (end < 0) {
            begun = begun == null ? Buffer.buffer(2 * all.length()).appendBuffer(all) : all;
            return null;
        }
        begun = null;
        known = ReplyHead.read(all.getString(0, end - 2, StandardCharsets.ISO_8859_1.name()), MAX_BODY);
        head = known;
        return body(known, all.slice(end, all.length()));
    }

    /** Whether the connection may serve another exchange, once the answer is complete. */
    boolean keepsConnection() {
        return head != null && head.keepsConnection() && !more;
    }

    private @Nullable Reply body(ReplyHead known, Buffer part) throws BrokenExchangeException {
        if (known.length() < 0) {
            ChunkReader reader = chunks == null ? chunks(known) : chunks;
            chunks = reader;
            int used = reader.take(part);
            more = used < part.length();
            if (!reader.ended()) {
                return null;
            }
            return passedOn ? known.passedOn(reader.trailers()) : known.with(reader.body());
        }
        int have = body == null ? 0 : body.length();
        int missing = known.length() - have;
        more = part.length() > missing;
        if (have == 0 && part.length() >= missing) {
            return known.with(part.slice(0, missing));
        }
        Buffer all = body == null ? Buffer.buffer(Math.min(known.length(), FIRST_BODY)) : body;
        body = all;
        all.appendBuffer(more ? part.slice(0, missing) : part);
        return all.length() == known.length() ? known.with(all) : null;
    }

    private ChunkReader chunks(ReplyHead known) {
        passedOn = flow != null && flow.begin(known.with(Buffer.buffer()));
        return passedOn ? new ChunkReader(Integer.MAX_VALUE, flow) : new ChunkReader(MAX_BODY, null);
    }

    /** Where the body begins, −1 if that is not here yet. */
    private static int headEnd(Buffer all) {
        int found = blankLine(all, Math.min(all.length(), TYPICAL_HEAD));
        return found >= 0 || all.length() <= TYPICAL_HEAD
                ? found
                : blankLine(all, Math.min(all.length(), MAX_HEAD + 4));
    }

    private static int blankLine(Buffer all, int until) {
        int at = all.getString(0, until, StandardCharsets.ISO_8859_1.name()).indexOf("\r\n\r\n");
        return at < 0 ? -1 : at + 4;
    }
}
