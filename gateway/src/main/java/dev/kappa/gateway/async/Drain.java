package dev.kappa.gateway.async;

import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.EventQueue.Deliveries;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.wire.DemandReport.AsyncQueue;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the queue of one function while this gateway owns it: hands the dispatcher so many events that the autoscaler
 * sees the backlog, and no more than the memory bears.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final int WINDOW = 256;
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final QueueKey key;
    private final EventQueue queue;
    private final EventRunner runner;
    private final AtomicLong room;
    private final Semaphore places = new Semaphore(WINDOW);
    private final InFlightEvents inHand;
    private final AtomicInteger running = new AtomicInteger();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable Deliveries open;
    private volatile boolean active = true;
    private volatile long backlog;
    private volatile long deadLetters;

    /**
     * Begins to drain.
     *
     * @param inHand what all drains took
     * @param room bytes of payload that all drains together may still take
     */
    Drain(QueueKey key, EventQueue queue, EventRunner runner, InFlightEvents inHand, AtomicLong room) {
        this.key = key;
        this.queue = queue;
        this.runner = runner;
        this.inHand = inHand;
        this.room = room;
        this.thread = Thread.ofVirtual().name("drain " + key).start(this::loop);
    }

    /** Takes no more events; those in hand go on. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Asks how much there is, if something may have changed since the last time. */
    void measure(DeadLetters letters) {
        Deliveries deliveries = open;
        if (deliveries == null || (!active && backlog == 0)) {
            return;
        }
        active = running.get() > 0;
        try {
            backlog = deliveries.backlog();
            deadLetters = letters.count(key.function());
        } catch (QueueException e) {
            active = true;
            LOG.debug("The queue of {} does not tell its size: {}", key, e.getMessage());
        }
    }

    /** Asks again, since something outside changed. */
    void touch() {
        active = true;
    }

    /** What was measured last. */
    AsyncQueue state() {
        return new AsyncQueue(key.function().namespace(), key.function().name(), backlog, deadLetters);
    }

    private void loop() {
        while (!stopped) {
            try {
                Deliveries deliveries = queue.open(key);
                open = deliveries;
                while (!stopped) {
                    takeSome(deliveries);
                }
            } catch (QueueException e) {
                LOG.warn("The queue of {} is opened again: {}", key, e.getMessage());
                pause();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("The queue of {} is opened again", key, e);
                pause();
            }
        }
    }

    private void takeSome(Deliveries deliveries) throws QueueException, InterruptedException {
        places.acquire();
        int free = 1 + places.drainPermits();
        int[] left = {free};
        try {
            deliveries.fetch(free, WAIT, delivery -> {
                Delivery taken = inHand.take(delivery);
                if (taken != null) {
                    left[0]--;
                    running.incrementAndGet();
                    active = true;
                    Thread.ofVirtual().start(() -> run(taken));
                }
            });
        } finally {
            places.release(left[0]);
        }
    }

    private void run(Delivery delivery) {
        int size = delivery.event().payload().length;
        try {
            if (room.addAndGet(-size) < 0) {
                delivery.again(PAUSE);
            } else {
                runner.run(delivery);
            }
        } finally {
            room.addAndGet(size);
            inHand.release(delivery);
            running.decrementAndGet();
            places.release();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }
}
