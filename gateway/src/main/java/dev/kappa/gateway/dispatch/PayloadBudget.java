package dev.kappa.gateway.dispatch;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The bytes of payload that a gateway holds in memory, and their limit. */
final class PayloadBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder asked = new LongAdder();

    PayloadBudget(long limit) {
        this.limit = limit;
    }

    /** Empty if the payload would exceed the limit. */
    Optional<Reservation> reserve(int bytes) {
        asked.increment();
        if (taken.addAndGet(bytes) > limit) {
            taken.addAndGet(-bytes);
            return Optional.empty();
        }
        return Optional.of(new Reservation(() -> taken.addAndGet(-bytes)));
    }

    /** For how many payloads a place was asked so far. */
    long asked() {
        return asked.sum();
    }

    long taken() {
        return taken.get();
    }
}
