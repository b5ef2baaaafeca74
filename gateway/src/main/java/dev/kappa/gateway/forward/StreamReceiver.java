package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.http.BodySink;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Reply;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** A caller of InvokeWithResponseStream, who gets an answer as it comes. */
final class StreamReceiver implements Receiver {
    private final HttpServerResponse response;
    private final HomeLoop home;
    private final EventStreamWriter writer;
    private @Nullable StreamRelay relay;

    /**
     * @param response whose head was not written yet
     * @param home event loop of the response
     * @param writer of the answer, if the event ends here
     */
    StreamReceiver(HttpServerResponse response, HomeLoop home, EventStreamWriter writer) {
        this.response = response;
        this.home = home;
        this.writer = writer;
    }

    @Override
    public boolean isGone() {
        return response.closed();
    }

    @Override
    public void answered(Answer answer) {
        writer.end(answer);
    }

    @Override
    public BodySink stream() {
        StreamRelay next = new StreamRelay(response, home);
        relay = next;
        return next;
    }

    @Override
    public void relayed(Reply reply) {
        if (relay != null && reply.header(Wire.STREAMED) != null) {
            relay.end();
        } else if (reply.status() != 200) {
            InvokeReceiver.relay(response, reply);
        } else {
            // An owner of the release before, which does not know of streams, answered as to Invoke.
            writer.end(new Answer.Executed(
                    reply.body(),
                    reply.header("X-Amz-Function-Error"),
                    reply.header("X-Amz-Log-Result"),
                    reply.header(Wire.TRACE_ID),
                    null));
        }
    }

    @Override
    public void brokeOff(String cause) {
        if (relay != null && relay.hasBegun()) {
            relay.breakOff();
        } else {
            ErrorWriter.write(response, InvokeReceiver.lost(cause));
        }
    }
}
