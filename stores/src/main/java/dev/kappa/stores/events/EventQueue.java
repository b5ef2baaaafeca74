package dev.kappa.stores.events;

import dev.kappa.lambda.FunctionKey;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

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
     * Functions that have a queue.
     *
     * @return their keys
     * @throws QueueException if the server does not tell
     */
    List<FunctionKey> functions() throws QueueException;

    /**
     * Calls back when a function gets a queue, on any gateway.
     *
     * @param created hears of it
     */
    void onCreated(Consumer<FunctionKey> created);

    /**
     * Opens a queue for its owner.
     *
     * @param function which one
     * @return its events
     * @throws QueueException if there is none, or the server does not answer
     */
    Deliveries open(FunctionKey function) throws QueueException;

    /**
     * Drops an empty queue of a function that is gone.
     *
     * @param function which one
     * @throws QueueException if the server does not do it
     */
    void drop(FunctionKey function) throws QueueException;

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
