package dev.kappa.shim.core;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where handlers run: this JVM or child processes. It replaces itself after a crash or a timeout. */
public interface ExecutionEnvironment {
    /** Hears of every initialisation, the first and those of replacements. */
    interface Listener {
        /**
         * Initialisation ended.
         *
         * @param startedMs when it began, epoch milliseconds
         * @param endedMs when it ended
         * @param error why it failed, null if it did not
         */
        void initialized(long startedMs, long endedMs, @Nullable InitError error);
    }

    /** A place for one event. */
    interface Seat {
        /**
         * Runs the event, to its end or its deadline. Call it exactly once.
         *
         * @param ended called once with the outcome, on this thread or another, before or after this method returns
         */
        void run(Event event, Consumer<Outcome> ended);
    }

    /** Loads the handler; returns when it is ready or failed, after telling the listener. */
    void initialize() throws InterruptedException;

    /** A free seat, null while none is initialised. */
    @Nullable
    Seat reserve();

    /** Whether {@link #reserve} can succeed at all. */
    boolean ready();

    /** Whether it takes no more events before it says hello again. */
    boolean ending();

    /** Largest resident memory of the handler's process so far, MiB. */
    int peakMemoryMb();

    /** Ends the handlers, whose events are over. */
    void stop();

    /** The same, and lets them notice it for so long. */
    default void stopWithin(long limitMs) {
        stop();
    }
}
