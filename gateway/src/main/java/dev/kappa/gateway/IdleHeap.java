package dev.kappa.gateway;

import java.util.function.LongSupplier;

/**
 * Collects the whole heap once no event has come for a while: without events nothing fills it, so that what the last load left would
 * stay resident for as long as the gateway is idle.
 */
final class IdleHeap {
    /** Looks without an event before a collection, which holds an event that comes just then up for a tenth of a second. */
    private static final int QUIET_LOOKS = 3;

    private static final long WORTH_BYTES = 32L << 20;

    private final LongSupplier events;
    private final LongSupplier used;
    private final Runnable collect;
    private long eventsBefore;
    private long usedAfter;
    private int quiet;

    /**
     * A heap that was never collected.
     *
     * @param events how many came so far
     * @param used bytes of the heap that are in use, with what is garbage
     * @param collect collects it
     */
    IdleHeap(LongSupplier events, LongSupplier used, Runnable collect) {
        this.events = events;
        this.used = used;
        this.collect = collect;
    }

    /** The heap of this process. */
    static IdleHeap ofThisProcess(LongSupplier events) {
        Runtime runtime = Runtime.getRuntime();
        return new IdleHeap(events, () -> runtime.totalMemory() - runtime.freeMemory(), System::gc);
    }

    /** To be called every ten seconds or so. */
    void look() {
        long now = events.getAsLong();
        quiet = now == eventsBefore ? quiet + 1 : 0;
        eventsBefore = now;
        if (quiet >= QUIET_LOOKS && used.getAsLong() - usedAfter > WORTH_BYTES) {
            collect.run();
            usedAfter = used.getAsLong();
        }
    }
}
