package dev.kappa.history;

import java.util.List;
import java.util.Optional;

/**
 * What the parties wrote down about some asynchronous events, each on its own; times are epoch milliseconds.
 *
 * @param sent by the client
 * @param runs by the handler, before it answered
 * @param settled by the platform: every revision of every outcome
 * @param delivered by the destination; empty if there was none
 * @param died by the platform: runs whose process ended before it answered, and maybe before the handler wrote
 * @param faults by whoever caused them
 * @param samples of the queue
 */
public record History(
        List<Sent> sent,
        List<Run> runs,
        List<Settled> settled,
        List<Delivered> delivered,
        List<Died> died,
        List<Fault> faults,
        List<Sample> samples) {
    /** What the client was told. */
    public enum Answer {
        /** 202: from now on the event must not be lost. */
        ACCEPTED,
        /** An error: it was not promised, but a write whose answer got lost may have been kept. */
        REFUSED,
        /** No answer: nobody knows. */
        UNKNOWN
    }

    /**
     * One call of the client.
     *
     * @param key the client's own name of the event, which the payload carries
     * @param answer what it was told
     * @param requestId the platform's name of the event, if an answer told it
     * @param sentAtMs when the call began
     * @param answeredAtMs when it ended
     */
    public record Sent(String key, Answer answer, Optional<String> requestId, long sentAtMs, long answeredAtMs) {}

    /**
     * One run of the handler.
     *
     * @param requestId what the platform called the event
     * @param key what the client called it
     * @param success whether the handler was about to answer well
     * @param atMs when
     */
    public record Run(String requestId, String key, boolean success, long atMs) {}

    /**
     * A revision of an outcome.
     *
     * @param requestId of the event
     * @param success whether it says that the function answered
     * @param invocations how many runs it says there were
     * @param endedAtMs when it says that the event ended: the same in each revision of one outcome
     * @param atMs when the revision was stored
     */
    public record Settled(String requestId, boolean success, int invocations, long endedAtMs, long atMs) {}

    /**
     * A record that a destination got.
     *
     * @param requestId of the event that it is about
     * @param success what it says of it
     */
    public record Delivered(String requestId, boolean success) {}

    /**
     * A run that failed since its process ended.
     *
     * @param requestId of the event
     * @param atMs when the platform wrote it down
     */
    public record Died(String requestId, long atMs) {}

    /**
     * Something was broken.
     *
     * @param what for people
     * @param atMs when
     */
    public record Fault(String what, long atMs) {}

    /**
     * A look at the queue.
     *
     * @param fromMs when the look began
     * @param toMs when it ended
     * @param backlog events that it held
     */
    public record Sample(long fromMs, long toMs, long backlog) {}
}
