package dev.kappa.stores.events;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where accepted events are until they are settled: a queue of its own for each function. Calls block. */
public interface EventQueue {
    /**
     * Keeps an event.
     *
     * @param event the same request id again is the same event
     * @throws QueueException unless its write is on the disk
     */
    void publish(AsyncEvent event) throws QueueException;

    /**
     * The queues that there are, those included whose drop was interrupted.
     *
     * @return their keys
     * @throws QueueException if the server does not tell
     */
    List<QueueKey> queues() throws QueueException;

    /**
     * Calls back when a function gets a queue, on any gateway.
     *
     * @param created hears of it
     */
    void onCreated(Consumer<QueueKey> created);

    /**
     * Opens a queue for its owner.
     *
     * @param queue which one
     * @return its events
     * @throws QueueException if there is none, or the server does not answer
     */
    Deliveries open(QueueKey queue) throws QueueException;

    /**
     * Drops the queue of a function that is gone: it takes no more events from now on, and ends once it is empty. Whoever was
     * interrupted is followed by the next call.
     *
     * @param queue which one
     * @throws QueueException if the server does not do it
     */
    void drop(QueueKey queue) throws QueueException;

    /** The events of one queue. */
    interface Deliveries {
        /**
         * Takes events as they come.
         *
         * @param max at most so many
         * @param wait for so long
         * @param each takes them; must not block
         * @throws QueueException if the queue went away
         * @throws InterruptedException if the thread is to end
         */
        void fetch(int max, Duration wait, Consumer<Delivery> each) throws QueueException, InterruptedException;

        /**
         * Events that were not settled yet.
         *
         * @return their number
         * @throws QueueException if the server does not tell
         */
        long backlog() throws QueueException;
    }

    /** One event in this gateway's hands; it comes again if it is neither marked nor given back in time. */
    interface Delivery {
        /**
         * What came.
         *
         * @return the event
         */
        AsyncEvent event();

        /**
         * Why the event cannot be run, though it was kept.
         *
         * @return the reason; null for an event that is whole
         */
        default @Nullable String unreadable() {
            return null;
        }

        /**
         * How often it was handed out, this time included.
         *
         * @return 1 for the first time
         */
        long count();

        /** Keeps it for longer. */
        void inProgress();

        /**
         * Gives it back.
         *
         * @param delay when it comes again
         */
        void again(Duration delay);

        /**
         * Takes it off the queue.
         *
         * @throws QueueException if the queue did not confirm it: it may come again
         */
        void done() throws QueueException;
    }
}
