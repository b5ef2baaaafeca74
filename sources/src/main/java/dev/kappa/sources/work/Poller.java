package dev.kappa.sources.work;

/** Takes records of one queue or stream to a function. */
public interface Poller {
    /** Begins; returns at once. */
    void start();

    /** Takes nothing new; returns at once. */
    void stop();

    /** Whether nothing runs any more, and the source knows what is done. */
    boolean isOver();
}
