package dev.kappa.sources.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How many batches may run at once: more while all of them run, as few as at first once there is nothing to do. */
final class Ramp {
    private static final int STEP = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final int initial;
    private final int most;
    private int now;
    private boolean full;
    private Instant nextAt = Instant.MIN;

    Ramp(int initial, int most) {
        this.initial = Math.min(initial, most);
        this.most = most;
        this.now = this.initial;
    }

    int concurrency() {
        return now;
    }

    /** Grows if all run, and did for a second. */
    void seen(int running, Instant at) {
        full = running >= now;
        if (!full) {
            nextAt = at.plus(PAUSE);
        } else if (now < most && !at.isBefore(nextAt)) {
            now = Math.min(most, now + STEP);
            nextAt = at.plus(PAUSE);
        }
    }

    void idle() {
        now = initial;
    }

    Optional<Instant> wakeAt() {
        return full && now < most ? Optional.of(nextAt) : Optional.empty();
    }
}
