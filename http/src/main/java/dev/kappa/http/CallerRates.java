package dev.kappa.http;

import dev.kappa.identity.Caller;
import dev.kappa.lambda.Rate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Counts how often each caller calls, in this process alone. */
public final class CallerRates {
    /** Every caller may call as often as it likes. */
    public static final CallerRates UNLIMITED = new CallerRates(Rate.UNLIMITED, System::nanoTime);

    private static final int MOST = 10_000;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Rate rate;
    private final LongSupplier nanos;
    private final Map<String, AtomicLong> states = new ConcurrentHashMap<>();
    /** Of those that there is no room for. */
    private final AtomicLong others;

    private final AtomicLong swept;

    /**
     * Has seen nobody.
     *
     * @param rate of each caller
     * @param nanos the time, nanoseconds since whenever
     */
    public CallerRates(Rate rate, LongSupplier nanos) {
        this.rate = rate;
        this.nanos = nanos;
        this.others = new AtomicLong(nanos.getAsLong());
        this.swept = new AtomicLong(nanos.getAsLong());
    }

    /**
     * Counts a call.
     *
     * @param caller who makes it; those whom nobody knows are no one caller
     * @return whether it may be made now
     */
    public boolean admits(Caller caller) {
        if (!rate.isLimited() || caller.equals(Caller.ANONYMOUS)) {
            return true;
        }
        long now = nanos.getAsLong();
        AtomicLong state = state(caller.name(), now);
        while (true) {
            long before = state.get();
            long after = rate.take(before, now);
            if (after == before) {
                return false;
            }
            if (state.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    private AtomicLong state(String caller, long now) {
        AtomicLong known = states.get(caller);
        if (known != null) {
            return known;
        }
        if (states.size() >= MOST) {
            sweep(now);
        }
        return states.size() >= MOST ? others : states.computeIfAbsent(caller, it -> new AtomicLong(now));
    }

    /** A full bucket is as good as none. */
    private void sweep(long now) {
        long last = swept.get();
        if (now - last >= SWEEP_NANOS && swept.compareAndSet(last, now)) {
            states.values().removeIf(it -> it.get() - now <= 0);
        }
    }

    int known() {
        return states.size();
    }
}
