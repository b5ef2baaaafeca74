package dev.kappa.gateway.async;

import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The events that this gateway works on, whichever drain took them. The queue hands an event out again when it heard nothing
 * of it for a while, as after its restart: who still has it in hand does not take it twice.
 */
final class InFlightEvents {
    private final Map<String, Held> events = new ConcurrentHashMap<>();

    /**
     * Takes an event.
     *
     * @return the delivery to work with; null if the event is in hand already, which the queue is told
     */
    @Nullable
    Delivery take(Delivery delivery) {
        Held held = new Held(delivery);
        if (events.putIfAbsent(held.event().requestId(), held) != null) {
            delivery.inProgress();
            return null;
        }
        return held;
    }

    /** Whoever took it is done with it, in whatever way. */
    void release(Delivery taken) {
        events.remove(taken.event().requestId(), taken);
    }

    /** Keeps the events from being handed out again. */
    void mark() {
        events.values().forEach(Delivery::inProgress);
    }

    /** Out of hand before the queue hears of it, which may hand it out again at once. */
    private final class Held implements Delivery {
        private final Delivery delivery;

        Held(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public AsyncEvent event() {
            return delivery.event();
        }

        @Override
        public @Nullable String unreadable() {
            return delivery.unreadable();
        }

        @Override
        public long count() {
            return delivery.count();
        }

        @Override
        public void inProgress() {
            delivery.inProgress();
        }

        @Override
        public void again(Duration delay) {
            release(this);
            delivery.again(delay);
        }

        @Override
        public void done() throws QueueException {
            delivery.done();
        }
    }
}
