package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.Hello;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells several listeners, in the order in which they were added. */
public final class Listeners implements DispatchListener {
    private final List<DispatchListener> all = new CopyOnWriteArrayList<>();

    /**
     * Adds one.
     *
     * @param listener hears of everything from now on
     */
    public void add(DispatchListener listener) {
        all.add(listener);
    }

    @Override
    public void unmet(VersionKey version) {
        all.forEach(listener -> listener.unmet(version));
    }

    @Override
    public void hello(Hello hello) {
        all.forEach(listener -> listener.hello(hello));
    }

    @Override
    public void lost(VersionKey version, LostInstance lost) {
        all.forEach(listener -> listener.lost(version, lost));
    }

    @Override
    public void ended(VersionKey version, Answer answer, long tookMs) {
        all.forEach(listener -> listener.ended(version, answer, tookMs));
    }
}
