package dev.kappa.jetstream;

import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What this process knows of the size of one queue: what the server told last, and what was written since. Other processes write
 * too, so the server is asked again before what is left can have been used up.
 */
final class QueueAccount {
    private static final long STALE_NS = Duration.ofSeconds(2).toNanos();
    private static final long REFUSED_NS = Duration.ofMillis(100).toNanos();
    private static final long UNANSWERED_NS = Duration.ofSeconds(1).toNanos();
    private static final long UNUSED_NS = Duration.ofMinutes(5).toNanos();
    /** So many processes may write at once before a queue can grow beyond its bound. */
    private static final int WRITERS = 4;

    private final QueueSizes sizes;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private Level level = new Level(0, 0);
    private long admitted;
    private long inFlight;
    /** What was admitted when the level was told, but for what was on its way then. */
    private long told;

    private long mark;
    private long staleAt;
    private long mayAskAt;
    private long refusedUntil;
    private long usedAt;
    private long noticeAt;
    private String refusal = "";

    /**
     * How full it is.
     *
     * @param queue bytes of this queue
     * @param partition bytes of all queues in its partition
     */
    record Level(long queue, long partition) {}

    /** Asks the server. */
    interface Question {
        Level ask() throws QueueException;
    }

    QueueAccount(QueueSizes sizes, LongSupplier nanos) {
        this.sizes = sizes;
        this.nanos = nanos;
        long now = nanos.getAsLong();
        this.staleAt = now;
        this.mayAskAt = now;
        this.refusedUntil = now;
        this.usedAt = now;
        this.noticeAt = now;
    }

    /**
     * Takes room for an event that is about to be written; {@link #written} is to follow.
     *
     * @return empty, or why there is no room
     */
    Optional<String> admit(long bytes, Question question) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            usedAt = now;
            if (refusedUntil - now > 0) {
                return Optional.of(refusal);
            }
            boolean nearlyFull = since() + bytes > (bound() - level.queue()) / WRITERS;
            if ((nearlyFull || now - staleAt >= 0) && now - mayAskAt >= 0) {
                ask(question);
            }
            if (level.queue() + since() + bytes > bound()) {
                refusal = words(bytes);
                refusedUntil = now + REFUSED_NS;
                return Optional.of(refusal);
            }
            admitted += bytes;
            inFlight += bytes;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The event that was admitted is on the disk, or was refused there. */
    void written(long bytes) {
        lock.lock();
        try {
            inFlight -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the owner of the queue is to hear of this event. */
    boolean isNoticeDue() {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            if (noticeAt - now > 0) {
                return false;
            }
            noticeAt = now + EventQueue.NOTICE.toNanos();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** All queues are about to be looked at. */
    void mark() {
        lock.lock();
        try {
            mark = admitted - inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** What was seen since the mark. */
    void seen(Level now) {
        lock.lock();
        try {
            tell(now, mark);
        } finally {
            lock.unlock();
        }
    }

    boolean isUnused() {
        lock.lock();
        try {
            return inFlight == 0 && nanos.getAsLong() - usedAt > UNUSED_NS;
        } finally {
            lock.unlock();
        }
    }

    private void ask(Question question) {
        long then = admitted - inFlight;
        try {
            tell(question.ask(), then);
        } catch (QueueException e) {
            // The write itself tells whether the server is there.
            mayAskAt = nanos.getAsLong() + UNANSWERED_NS;
        }
    }

    private void tell(Level now, long then) {
        level = now;
        told = then;
        staleAt = nanos.getAsLong() + STALE_NS;
    }

    /** What this process admitted since the level was told; what was on its way then may be counted twice. */
    private long since() {
        return admitted - told;
    }

    /** A queue may take as much as it leaves free, so that however many are full, there is room for one more. */
    private long bound() {
        return Math.min(sizes.queueBytes(), sizes.partitionBytes() - level.partition() - since());
    }

    private String words(long bytes) {
        return level.queue() + since() + bytes > sizes.queueBytes()
                ? "its queue is full (the chart's value async.queueSize, " + (sizes.queueBytes() >> 20)
                        + " MiB); let it drain, or raise that"
                : "its queue has used up its share of a partition that is filled by the queues of several functions"
                        + " (the chart's value async.partitionSize, " + (sizes.partitionBytes() >> 20)
                        + " MiB); let them drain, or raise that";
    }
}
