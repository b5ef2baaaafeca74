package dev.kappa.gateway.async;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.EventQueue.Deliveries;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.wire.DemandReport.AsyncQueue;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains a place in which events of one function wait, while this gateway owns it: hands the dispatcher so many events that
 * the autoscaler sees the backlog, and no more than the memory bears.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final int WINDOW = 256;
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_FETCH = Duration.ofSeconds(5);

    private final QueuePlace place;
    private final EventQueue queue;
    private final EventRunner runner;
    private final AtomicLong room;
    private final Semaphore places = new Semaphore(WINDOW);
    private final InFlightEvents inHand;
    private final AtomicInteger running = new AtomicInteger();
    private final RetryPolicy<Object> again;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean active = true;
    private volatile long usedAt = System.nanoTime();
    private volatile long backlog;
    private volatile long deadLetters;

    /**
     * Begins to drain.
     *
     * @param inHand what all drains took
     * @param room bytes of payload that all drains together may still take
     */
    Drain(QueuePlace place, EventQueue queue, EventRunner runner, InFlightEvents inHand, AtomicLong room) {
        this.place = place;
        this.queue = queue;
        this.runner = runner;
        this.inHand = inHand;
        this.room = room;
        this.again = again();
        this.thread = Thread.ofVirtual().name("drain " + place).start(this::loop);
    }

    /** Takes no more events; those in hand go on. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Stops, and tells whether nothing is fetched any more. */
    boolean stopAndWait() throws InterruptedException {
        stop();
        return thread.join(LAST_FETCH);
    }

    /** What waits, be it handed out or not. */
    void backlog(long events) {
        backlog = events;
        if (events > 0) {
            usedAt = System.nanoTime();
        }
    }

    /** More events may come soon. */
    void touch() {
        usedAt = System.nanoTime();
    }

    /** Whether there was no event for so long. */
    boolean isUnused(Duration time) {
        return backlog == 0 && running.get() == 0 && System.nanoTime() - usedAt > time.toNanos();
    }

    /** Asks for the dead letters, if something may have changed since the last time. */
    void measure(DeadLetters letters) {
        if (!active && backlog == 0) {
            return;
        }
        active = running.get() > 0;
        try {
            deadLetters = letters.count(place.queue().function());
        } catch (QueueException e) {
            active = true;
            LOG.debug("The dead letters of {} are not counted: {}", place, e.getMessage());
        }
    }

    /** Asks again, since something outside may have changed. */
    void measureAgain() {
        active = true;
    }

    /** What was measured last. */
    AsyncQueue state() {
        FunctionKey function = place.queue().function();
        return new AsyncQueue(function.namespace(), function.name(), backlog, deadLetters);
    }

    private void loop() {
        try {
            Failsafe.with(again).run(() -> {
                if (!stopped) {
                    Deliveries deliveries = queue.open(place);
                    while (!stopped) {
                        takeSome(deliveries);
                    }
                }
            });
        } catch (FailsafeException e) {
            LOG.debug("The drain of {} was stopped", place, e);
        }
    }

    private RetryPolicy<Object> again() {
        return RetryPolicy.builder()
                .handle(QueueException.class, RuntimeException.class)
                .withMaxRetries(-1)
                .withDelay(PAUSE)
                .onFailedAttempt(failed -> {
                    if (failed.getLastException() instanceof QueueException e) {
                        LOG.warn("The queue of {} is opened again: {}", place, e.getMessage());
                    } else {
                        LOG.error("The queue of {} is opened again", place, failed.getLastException());
                    }
                })
                .build();
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
                    usedAt = System.nanoTime();
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
            usedAt = System.nanoTime();
            running.decrementAndGet();
            places.release();
        }
    }
}
