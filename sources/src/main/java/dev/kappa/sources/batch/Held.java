package dev.kappa.sources.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A delivery that the queue leaves alone for a time. */
final class Held {
    private final Delivery delivery;
    private Instant since;

    Held(Delivery delivery, Instant since) {
        this.delivery = delivery;
        this.since = since;
    }

    Delivery delivery() {
        return delivery;
    }

    String group() {
        return delivery.record().key();
    }

    /** Half of the time is over: the other half is for the call that extends it. */
    boolean isDue(Duration visibility, Instant now) {
        return !now.isBefore(extendAt(visibility));
    }

    Instant extendAt(Duration visibility) {
        return since.plus(visibility.dividedBy(2));
    }

    /** The queue hands it out to others, or did. */
    boolean isOver(Optional<Duration> visibility, Instant now) {
        return visibility.isPresent() && !now.isBefore(since.plus(visibility.get()));
    }

    void extended(Instant now) {
        since = now;
    }
}
