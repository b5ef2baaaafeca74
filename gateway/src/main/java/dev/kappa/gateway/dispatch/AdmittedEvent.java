package dev.kappa.gateway.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * An event that the limits let in, with the promise of its answer and what it holds of the limits; all but the promise is
 * guarded by the function's dispatcher.
 */
final class AdmittedEvent {
    final Event event;
    private final Promise<Answer> answer = Promise.promise();
    private @Nullable Reservation place;
    private @Nullable Reservation slot;
    boolean waited;
    /** How many events it weighs as much as. */
    int seats = 1;

    long decidedAtMs;

    AdmittedEvent(Event event) {
        this.event = event;
    }

    /** The operator scaled up for it. */
    void decided(long nowMs) {
        decidedAtMs = decidedAtMs == 0 ? nowMs : decidedAtMs;
    }

    /** It counts as one of the function's concurrent events. */
    void holdPlace(Reservation taken) {
        place = taken;
    }

    /** An instance keeps a slot for it. */
    void holdSlot(Reservation taken) {
        slot = taken;
    }

    /** It waits again: the instance's slot is free, and so is the place of an event that counts only while it runs. */
    void releaseForQueue() {
        if (slot != null) {
            slot.release();
        }
        if (event.background() && place != null) {
            place.release();
        }
    }

    /** It ended: nothing is held for it any more. */
    void release() {
        if (slot != null) {
            slot.release();
        }
        if (place != null) {
            place.release();
        }
    }

    void complete(Answer end) {
        answer.tryComplete(end);
    }

    Future<Answer> answer() {
        return answer.future();
    }
}
