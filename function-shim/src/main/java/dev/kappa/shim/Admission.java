package dev.kappa.shim;

import dev.kappa.wire.Wire;
import org.jspecify.annotations.Nullable;

/** Admits at most {@code capacity} events, and none once the pod is going away. */
final class Admission {
    private final int capacity;
    private int inFlight;
    private boolean draining;

    Admission(int capacity) {
        this.capacity = capacity;
    }

    /** Null if the caller is in and must {@link #leave}, else one of {@code Wire.REFUSED_*}. */
    synchronized @Nullable String tryEnter() {
        if (draining) {
            return Wire.REFUSED_DRAINING;
        }
        if (inFlight >= capacity) {
            return Wire.REFUSED_BUSY;
        }
        inFlight++;
        return null;
    }

    synchronized void leave() {
        inFlight--;
        notifyAll();
    }

    synchronized void drain() {
        draining = true;
    }

    synchronized boolean draining() {
        return draining;
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /** Waits until at most {@code left} events run, or the time is over. */
    synchronized void awaitInFlight(int left, long timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + timeoutMs * 1_000_000;
        for (long rest = timeoutMs; inFlight > left && rest > 0; rest = (end - System.nanoTime()) / 1_000_000) {
            wait(rest);
        }
    }
}
