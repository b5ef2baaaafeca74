package dev.kappa.shim.core;

/** Memory for large bodies: who finds no room waits, so that many at once do not fill the small heap of a shim. */
public final class Room {
    /** What is not counted, since as many as there can be at once fit. */
    private static final long SMALL = 64 << 10;

    private final long all;
    private long free;

    /**
     * Makes room.
     *
     * @param bytes how much; one body that is larger takes all of it
     */
    public Room(long bytes) {
        this.all = bytes;
        this.free = bytes;
    }

    /** Room without a limit, where the heap is the handler's. */
    public static Room unlimited() {
        return new Room(Long.MAX_VALUE);
    }

    /** Room in a heap of 32 MiB, for one of the largest bodies. */
    public static Room ofSmallHeap() {
        return new Room(Outcome.MAX_ANSWER);
    }

    /**
     * Waits for room.
     *
     * @param bytes length of the body, less than 0 if nobody knows it
     * @return what is taken, for {@link #leave}
     */
    public synchronized long enter(long bytes) throws InterruptedException {
        if (bytes >= 0 && bytes <= SMALL) {
            return 0;
        }
        long taken = Math.min(all, bytes < 0 ? Outcome.MAX_ANSWER : bytes);
        while (free < taken) {
            wait();
        }
        free -= taken;
        return taken;
    }

    public synchronized void leave(long taken) {
        if (taken > 0) {
            free += taken;
            notifyAll();
        }
    }
}
