package dev.kappa.stores.events;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted events are until they are settled: a queue for each function, with a bound of its own, which costs nothing
 * while it is empty. Calls block.
 */
public interface EventQueue {
    /** How often owners hear of a queue that gets events. */
    Duration NOTICE = Duration.ofSeconds(15);

    /**
     * Keeps an event.
     *
     * @param event the same request id again is the same event
     * @throws QueueException unless its write is on the disk
     */
    void publish(AsyncEvent event) throws QueueException;

    /**
     * The places in which events wait, be they handed out or not; and those that are to be closed once they are empty.
     *
     * @return so many events each
     * @throws QueueException if the server does not tell
     */
    Map<QueuePlace, Long> backlogs() throws QueueException;

    /**
     * Calls back when a function gets events, on any gateway: at the first one, and at least once in {@link #NOTICE} while
     * more come. A notice may get lost.
     *
     * @param listener hears of the place
     */
    void onEvents(Consumer<QueuePlace> listener);

    /**
     * Opens a place for the owner of its queue.
     *
     * @param place which one
     * @return its events
     * @throws QueueException if the server does not answer
     */
    Deliveries open(QueuePlace place) throws QueueException;

    /**
     * Gives back what an open place costs, unless it has events. Those that come later are handed out when it is opened again.
     *
     * @param place nobody fetches from it
     * @throws QueueException if the server does not do it
     */
    void close(QueuePlace place) throws QueueException;

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
