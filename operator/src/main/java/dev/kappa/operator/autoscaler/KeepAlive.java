package dev.kappa.operator.autoscaler;

import java.time.Duration;

/**
 * When the last instance of a version is kept, by the time since its last event.
 *
 * @param linger it stays for so long after each event
 * @param from after that it is away until then, since no event is expected; 0 if it just stays
 * @param until the next event is not waited for any longer
 */
record KeepAlive(Duration linger, Duration from, Duration until) {
    /** One that stays for a while and does not come back. */
    static KeepAlive of(Duration timeout) {
        return new KeepAlive(Duration.ZERO, Duration.ZERO, timeout);
    }

    /** Whether an instance is to be there. */
    boolean wants(Duration idle) {
        return idle.compareTo(linger) < 0 || (idle.compareTo(from) >= 0 && idle.compareTo(until) < 0);
    }

    /** Whether an instance is to be there now or later without another event. */
    boolean mayWant(Duration idle) {
        return idle.compareTo(until) < 0;
    }

    boolean isStart(Duration idle) {
        return !from.isZero() && idle.compareTo(from) >= 0 && idle.compareTo(until) < 0;
    }
}
