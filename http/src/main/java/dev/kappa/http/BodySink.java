package dev.kappa.http;

import io.vertx.core.buffer.Buffer;

/** Takes the body of an answer as it comes, on the event loop of its connection. */
public interface BodySink {
    /**
     * An answer begins whose body comes in chunks.
     *
     * @param head without a body
     * @return whether the body is wanted as it comes; else it is kept for the reply
     */
    boolean begin(Reply head);

    /**
     * The body goes on.
     *
     * @param piece not used by anybody else any more
     * @param taken to be run once, on any thread, when the piece is written or not wanted any more; who waits with that stops
     *     the peer from sending
     */
    void piece(Buffer piece, Runnable taken);
}
