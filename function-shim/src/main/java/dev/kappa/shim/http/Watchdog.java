package dev.kappa.shim.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One thread that tells whoever is late, and sleeps while nobody can be. */
public final class Watchdog {
    /** What {@link Watched#deadline} answers while nothing is due. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final long START = System.nanoTime() - 1;

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private volatile long wakeAt = NEVER;

    /** Something that may be late. */
    public interface Watched {
        /** When it is late, as {@link Watchdog#now} counts; it may change at any time, see {@link Watchdog#due}. */
        long deadline();

        /** It is late. Called again and again until the deadline moves; must not wait for anything. */
        void late();
    }

    public Watchdog() {
        Thread.ofPlatform().daemon().name("watchdog").start(this::run);
    }

    /** Nanoseconds of a clock that never goes back, from 0 at some time before this process. */
    public static long now() {
        return System.nanoTime() - START;
    }

    public void add(Watched one) {
        watched.add(one);
        due(one.deadline());
    }

    public void remove(Watched one) {
        watched.remove(one);
    }

    /** To be told after a deadline of something watched came nearer. */
    public void due(long deadline) {
        if (deadline < wakeAt) {
            synchronized (this) {
                if (deadline < wakeAt) {
                    wakeAt = deadline;
                    notifyAll();
                }
            }
        }
    }

    private synchronized void run() {
        try {
            while (true) {
                wakeAt = NEVER; // before the look: a deadline that is set during it takes the lock, above
                long next = look(now());
                wakeAt = Math.min(wakeAt, next);
                sleepUntilDue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long look(long now) {
        long next = NEVER;
        for (Watched one : watched) {
            if (one.deadline() <= now) {
                one.late();
            }
            next = Math.min(next, one.deadline());
        }
        return next;
    }

    private void sleepUntilDue() throws InterruptedException {
        while (true) {
            long at = wakeAt;
            long left = at - now();
            if (left <= 0) {
                return;
            }
            if (at == NEVER) {
                wait();
            } else {
                wait(left / 1_000_000 + 1);
            }
        }
    }
}
