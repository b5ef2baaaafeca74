package dev.kappa.shim.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One request, to be answered once, by any thread and at any time; answers leave in the order of the requests. */
public final class Exchange {
    private static final Reply WRITTEN = Reply.of(200);

    private final Connection connection;
    private final Head head;
    private final Body body;
    private @Nullable Reply reply;
    private @Nullable Runnable broken;
    private boolean forgotten;

    Exchange(Connection connection, Head head, Body body) {
        this.connection = connection;
        this.head = head;
        this.body = body;
    }

    public String method() {
        return head.method();
    }

    public String path() {
        return head.path();
    }

    /** What follows the question mark, as it came. */
    public @Nullable String query() {
        return head.query();
    }

    /** The first header of this name. */
    public @Nullable String header(String name) {
        return head.headers().first(name);
    }

    /** The first trailer of this name; there is none before the body was read. */
    public @Nullable String trailer(String name) {
        Headers trailers = body.trailers();
        return trailers == null ? null : trailers.first(name);
    }

    /** Length of the body, less than 0 if it comes in chunks. */
    public long bodyLength() {
        return head.length();
    }

    /**
     * Reads the body.
     *
     * @throws BadRequest if it is longer than the listener takes; it is refused before it is read
     */
    public byte[] body() throws IOException {
        int most = connection.limits().bodyBytes();
        if (body.length() > most) {
            throw tooLong(most);
        }
        byte[] all = bodyUpTo(most);
        if (all == null) {
            throw tooLong(most);
        }
        return all;
    }

    /** Reads the body to its end; null if it is longer than {@code most}, and then nothing of it is kept. */
    public byte @Nullable [] bodyUpTo(int most) throws IOException {
        connection.beginBody(this);
        try {
            return body.all(most);
        } finally {
            connection.endBody();
        }
    }

    /**
     * Reads what comes next of the body, waiting for it if need be.
     *
     * @return how many bytes, −1 at the end
     */
    public int read(byte[] into) throws IOException {
        if (!body.begun()) {
            connection.beginBody(this);
        }
        int length = body.next(into);
        if (length < 0) {
            connection.endBody();
        }
        return length;
    }

    private static BadRequest tooLong(int most) {
        return new BadRequest(413, "the body is longer than " + most + " bytes");
    }

    /** Whether the peer is in this pod. */
    public boolean isLocal() {
        return connection.isLocal();
    }

    /** The peer proved who it is: its connection stays open while it has nothing to ask. */
    public void proven() {
        connection.proven();
    }

    /** To be run, once, if the connection breaks before the answer is written: then nobody waits for it any more. */
    public void whenBroken(Runnable action) {
        connection.whenBroken(this, action);
    }

    /**
     * Writes the answer.
     *
     * @throws IOException if the connection is broken
     * @throws IllegalStateException if there is an answer already
     */
    public void answer(Reply given) throws IOException {
        connection.answer(this, given);
    }

    /**
     * Begins an answer that is {@link #write written} in pieces, by one thread at a time, and ends with {@link Reply#end} as its
     * answer; its head leaves with the first piece.
     *
     * @throws IOException if the connection is broken
     */
    public void begin(Reply head) throws IOException {
        connection.begin(this, head);
    }

    /** Writes a piece of the answer; waits while the peer takes nothing. */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        connection.write(bytes, offset, length);
    }

    /** Closes the connection at once, so that a thread that writes to it fails. */
    public void cut() {
        connection.cut();
    }

    /** Ends the connection without an answer. */
    public void abort() {
        connection.close();
    }

    Head head() {
        return head;
    }

    /** Whether the next request on the connection can be found: the body was read, or is there and can be skipped. */
    boolean isOver() {
        return body.ended() || (!head.awaitsContinue() && body.skipWhatIsThere());
    }

    boolean hasBodyToCome() {
        return !body.ended();
    }

    @Nullable
    Reply reply() {
        return reply;
    }

    void reply(Reply given) {
        reply = given;
    }

    /** The answer has left, and its body is not kept. */
    void written() {
        reply = WRITTEN;
    }

    /** Nobody waits for an answer. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    @Nullable
    Runnable broken() {
        return broken;
    }

    void broken(Runnable action) {
        broken = action;
    }
}
