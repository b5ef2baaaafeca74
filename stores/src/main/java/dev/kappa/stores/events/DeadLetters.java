package dev.kappa.stores.events;

import dev.kappa.lambda.FunctionKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Events that were given up, kept for users to look at, run again or throw away. Calls block. */
public interface DeadLetters {
    /**
     * Keeps one; the same event again changes nothing.
     *
     * @param letter what to keep
     * @throws QueueException if it is not written
     */
    void put(DeadLetter letter) throws QueueException;

    /**
     * The oldest ones first.
     *
     * @param function whose
     * @param after sequence of the last one that was seen, 0 to begin
     * @param limit at most so many
     * @return them with their sequences
     * @throws QueueException if the store does not tell
     */
    List<Kept> list(FunctionKey function, long after, int limit) throws QueueException;

    /**
     * One of them.
     *
     * @param function whose
     * @param requestId of the event
     * @return empty if there is none
     * @throws QueueException if the store does not tell
     */
    Optional<Kept> letter(FunctionKey function, String requestId) throws QueueException;

    /**
     * Throws one away.
     *
     * @param function whose
     * @param sequence which
     * @throws QueueException if the store does not do it
     */
    void remove(FunctionKey function, long sequence) throws QueueException;

    /**
     * Throws all away.
     *
     * @param function whose
     * @return how many there were
     * @throws QueueException if the store does not do it
     */
    long purge(FunctionKey function) throws QueueException;

    /**
     * The functions that may have some.
     *
     * @return their names
     * @throws QueueException if the store does not tell
     */
    Set<FunctionKey> functions() throws QueueException;

    /**
     * How many there are.
     *
     * @param function whose
     * @return their number
     * @throws QueueException if the store does not tell
     */
    long count(FunctionKey function) throws QueueException;

    /**
     * A dead letter in its place.
     *
     * @param sequence its place
     * @param letter what is there
     */
    record Kept(long sequence, DeadLetter letter) {}
}
