package dev.kappa.gateway.dispatch;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of payload that a gateway holds in memory, and their limit. */
final class PayloadBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    PayloadBudget(long limit) {
        this.limit = limit;
    }

    /** Empty if the payload would exceed the limit. */
    Optional<Reservation> reserve(int bytes) {
        if (taken.addAndGet(bytes) > limit) {
            taken.addAndGet(-bytes);
            return Optional.empty();
        }
        return Optional.of(new Reservation(() -> taken.addAndGet(-bytes)));
    }

    long taken() {
        return taken.get();
    }
}
