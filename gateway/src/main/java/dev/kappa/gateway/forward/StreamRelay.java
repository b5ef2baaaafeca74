package dev.kappa.gateway.forward;

import dev.kappa.http.BodySink;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Reply;
import dev.kappa.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Passes on what the owner streams to its caller, byte by byte as it comes. */
final class StreamRelay implements BodySink {
    private final HttpServerResponse response;
    private final HomeLoop home;

    StreamRelay(HttpServerResponse response, HomeLoop home) {
        this.response = response;
        this.home = home;
    }

    @Override
    public boolean begin(Reply head) {
        if (head.header(Wire.STREAMED) == null) {
            return false;
        }
        home.run(() -> {
            if (!isGone()) {
                Router.copyHead(response, head);
                response.setChunked(true);
            }
        });
        return true;
    }

    @Override
    public void piece(Buffer piece, Runnable taken) {
        home.run(() -> {
            if (isGone()) {
                taken.run();
            } else {
                response.write(piece).onComplete(written -> taken.run());
            }
        });
    }

    /** The owner's answer is complete. */
    void end() {
        if (!isGone()) {
            response.end();
        }
    }

    /** Whether the caller has a part of the answer, so that only the connection's end can tell that the rest does not come. */
    boolean hasBegun() {
        return response.headWritten();
    }

    /** The owner went away in the middle. */
    void breakOff() {
        if (!isGone()) {
            response.reset();
        }
    }

    private boolean isGone() {
        return response.ended() || response.closed();
    }
}
