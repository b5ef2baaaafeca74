package dev.kappa.stores.events;

import dev.kappa.lambda.FunctionKey;
import java.util.Optional;

/** What is known of events by request id, kept for longer than any event lives. Calls block. */
public interface OutcomeStore {
    /**
     * How an event ended.
     *
     * @param function of the event
     * @param requestId of the event
     * @return empty if it did not
     * @throws QueueException if the store does not tell
     */
    Optional<Outcome> find(FunctionKey function, String requestId) throws QueueException;

    /**
     * Ends an event, unless somebody did already.
     *
     * @param outcome how
     * @return how it ended: this outcome, or the one that was there
     * @throws QueueException if nothing is known to be written
     */
    Outcome create(Outcome outcome) throws QueueException;

    /**
     * Remembers which of the dues are done.
     *
     * @param outcome as it is now
     * @throws QueueException if it is not written
     */
    void progress(Outcome outcome) throws QueueException;

    /**
     * How an event failed so far.
     *
     * @param function of the event
     * @param requestId of the event
     * @return {@link Attempts#NONE} if it did not
     * @throws QueueException if the store does not tell
     */
    Attempts attempts(FunctionKey function, String requestId) throws QueueException;

    /**
     * Remembers a failure.
     *
     * @param function of the event
     * @param requestId of the event
     * @param attempts with the new one
     * @throws QueueException if it is not written
     */
    void failed(FunctionKey function, String requestId, Attempts attempts) throws QueueException;
}
