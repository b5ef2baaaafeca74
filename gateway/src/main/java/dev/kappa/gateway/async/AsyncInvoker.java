package dev.kappa.gateway.async;

import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Accepts events: an answer of 202 follows from this future only. */
public final class AsyncInvoker {
    private final EventQueue queue;
    private final AsyncMeters meters;
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Semaphore places;
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * An entrance.
     *
     * @param queue keeps events
     * @param meters counts them
     * @param maxBytes of payload that may be on its way to the queue at once
     * @param maxEvents that may be on their way to the queue at once
     */
    public AsyncInvoker(EventQueue queue, AsyncMeters meters, long maxBytes, int maxEvents) {
        this.queue = queue;
        this.meters = meters;
        this.maxBytes = maxBytes;
        this.places = new Semaphore(maxEvents);
    }

    /**
     * Keeps an event.
     *
     * @param event what was accepted
     * @return succeeds once the event is on the disk of the queue, else fails with a {@link QueueException}
     */
    public Future<Void> accept(AsyncEvent event) {
        Promise<Void> promise = Promise.promise();
        int size = event.payload().length;
        if (!admit(size)) {
            meters.refused(event);
            return Future.failedFuture(
                    new QueueException("This gateway has too many events on their way to the queue; try again."));
        }
        threads.execute(() -> {
            try {
                queue.publish(event);
                meters.received(event);
                promise.complete();
            } catch (QueueException | RuntimeException e) {
                meters.refused(event);
                promise.fail(e);
            } finally {
                bytes.addAndGet(-size);
                places.release();
            }
        });
        return promise.future();
    }

    /** Small events are bounded by their number, since each has a thread, and large ones by their bytes. */
    private boolean admit(int size) {
        if (!places.tryAcquire()) {
            return false;
        }
        if (bytes.addAndGet(size) > maxBytes) {
            bytes.addAndGet(-size);
            places.release();
            return false;
        }
        return true;
    }
}
