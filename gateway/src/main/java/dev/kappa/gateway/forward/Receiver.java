package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.http.BodySink;
import dev.kappa.http.Reply;
import org.jspecify.annotations.Nullable;

/** Gets what came of an event, for its caller: one of its methods is called once at the end, on the caller's event loop. */
public interface Receiver {
    /**
     * Whether nobody waits any more.
     *
     * @return called on any thread
     */
    boolean isGone();

    /**
     * The event ended here.
     *
     * @param answer not {@link Answer.Moved}, unless no gateway took the event in time
     */
    void answered(Answer answer);

    /**
     * Another gateway ran the event.
     *
     * @param reply what it answers its own callers; without what the {@link #stream} took
     */
    void relayed(Reply reply);

    /**
     * The gateway that ran the event went away.
     *
     * @param cause in words
     */
    void brokeOff(String cause);

    /**
     * What takes an answer as another gateway streams it, as AWS's event stream; asked for each time that the event is sent to one.
     *
     * @return null to keep all of it for {@link #relayed}
     */
    default @Nullable BodySink stream() {
        return null;
    }
}
