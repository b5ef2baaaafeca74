package dev.kappa.sources.work;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a poller has done besides deciding: each piece on a thread of its own, and its engine asked again at a moment. */
public final class Errands {
    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);

    private final String name;
    private final ScheduledExecutorService timer;
    private final Runnable afterEach;
    private final AtomicInteger running = new AtomicInteger();
    private @Nullable ScheduledFuture<?> next;

    /**
     * Of one poller.
     *
     * @param name for threads and logs
     * @param timer wakes it
     * @param afterEach is run once a piece is over and no longer counted
     */
    public Errands(String name, ScheduledExecutorService timer, Runnable afterEach) {
        this.name = name;
        this.timer = timer;
        this.afterEach = afterEach;
    }

    /**
     * Begins a piece of work.
     *
     * @param work whose failure is logged
     */
    public void run(Runnable work) {
        running.incrementAndGet();
        Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("{} failed", name, e);
            } finally {
                running.decrementAndGet();
                afterEach.run();
            }
        });
    }

    /**
     * Begins a piece of work later, and not what was to begin later before; to be called under the poller's lock.
     *
     * @param at when; empty for never
     * @param now the time
     * @param work whose failure is logged
     */
    public void runAt(Optional<Instant> at, Instant now, Runnable work) {
        if (next != null) {
            next.cancel(false);
        }
        next = at.<ScheduledFuture<?>>map(moment -> timer.schedule(
                        () -> run(work),
                        Math.max(1, Duration.between(now, moment).toMillis()),
                        TimeUnit.MILLISECONDS))
                .orElse(null);
    }

    /**
     * Whether nothing is being done.
     *
     * @return what waits for its moment does not count
     */
    public boolean areDone() {
        return running.get() == 0;
    }
}
