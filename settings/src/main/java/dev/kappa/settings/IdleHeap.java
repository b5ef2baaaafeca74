package dev.kappa.settings;

import java.util.function.LongSupplier;

/**
 * Collects the whole heap once no event has come for a while: without events nothing fills it, so that what the last load left would
 * stay resident for as long as the process is idle.
 */
public final class IdleHeap {
    /** Looks without an event before a collection, which holds an event that comes just then up for a tenth of a second. */
    private static final int QUIET_LOOKS = 3;

    private final LongSupplier events;
    private final LongSupplier used;
    private final long worth;
    private final Runnable collect;
    private long eventsBefore;
    private long usedAfter;
    private int quiet;

    /**
     * A heap that was never collected.
     *
     * @param events how many came so far
     * @param used bytes of the heap that are in use, with what is garbage
     * @param worth as many more than after the last collection are worth one
     * @param collect collects it
     */
    IdleHeap(LongSupplier events, LongSupplier used, long worth, Runnable collect) {
        this.events = events;
        this.used = used;
        this.worth = worth;
        this.collect = collect;
    }

    /**
     * The heap of this process.
     *
     * @param events how many came so far
     * @param worthMib as many MiB more in use than after the last collection are worth one
     */
    public static IdleHeap ofThisProcess(LongSupplier events, int worthMib) {
        Runtime runtime = Runtime.getRuntime();
        return new IdleHeap(
                events, () -> runtime.totalMemory() - runtime.freeMemory(), (long) worthMib << 20, System::gc);
    }

    /** To be called every ten seconds or so. */
    public void look() {
        long now = events.getAsLong();
        quiet = now == eventsBefore ? quiet + 1 : 0;
        eventsBefore = now;
        if (quiet >= QUIET_LOOKS && used.getAsLong() - usedAfter > worth) {
            collect.run();
            usedAfter = used.getAsLong();
        }
    }
}
