package dev.kappa.shim.core;

import dev.kappa.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Admits at most {@code capacity} events, and none once the pod is going away. A place is free again before its event's
 * answer is written: the gateway sends the next event the moment it has read that answer.
 */
public final class Admission {
    private final int capacity;
    private int running;
    private int unanswered;
    private boolean draining;
    private boolean ending;

    public Admission(int capacity) {
        this.capacity = capacity;
    }

    /** Most events that have no answer yet: those that run, and as many whose answers are being written. */
    public static int mostUnanswered(int capacity) {
        return 2 * capacity;
    }

    /** Null if the caller is in, then tells {@link #ran} and {@link #leave}, else one of {@code Wire.REFUSED_*}. */
    public synchronized @Nullable String tryEnter() {
        if (draining) {
            return Wire.REFUSED_DRAINING;
        }
        if (ending) {
            return Wire.REFUSED_INITIALIZING;
        }
        if (running >= capacity || unanswered >= mostUnanswered(capacity)) {
            return Wire.REFUSED_BUSY;
        }
        running++;
        unanswered++;
        return null;
    }

    /** The event ran; its answer is still to be written. */
    public synchronized void ran() {
        running--;
    }

    /** The answer is written. */
    public synchronized void leave() {
        unanswered--;
        notifyAll();
    }

    public synchronized void drain() {
        draining = true;
    }

    /** This process takes no more events; the one after it does. */
    public synchronized void end() {
        ending = true;
    }

    /** Why an event that was in did not run, one of {@code Wire.REFUSED_*}. */
    public synchronized String notRun() {
        return draining ? Wire.REFUSED_DRAINING : Wire.REFUSED_INITIALIZING;
    }

    public synchronized boolean ending() {
        return ending;
    }

    public synchronized boolean draining() {
        return draining;
    }

    public synchronized int inFlight() {
        return running;
    }

    /** Waits until at most {@code left} events have no answer, or the time is over. */
    public synchronized void awaitInFlight(int left, long timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + timeoutMs * 1_000_000;
        for (long rest = timeoutMs; unanswered > left && rest > 0; rest = (end - System.nanoTime()) / 1_000_000) {
            wait(rest);
        }
    }
}
