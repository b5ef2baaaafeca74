package dev.kappa.gateway.dispatch;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A part of something limited that was taken: it is given back once, however often and by whomever that is asked for. */
public final class Reservation {
    private final AtomicReference<@Nullable Runnable> giveBack;

    Reservation(Runnable giveBack) {
        this.giveBack = new AtomicReference<>(giveBack);
    }

    /** Gives back what was taken; does nothing the second time. */
    public void release() {
        Runnable first = giveBack.getAndSet(null);
        if (first != null) {
            first.run();
        }
    }
}
