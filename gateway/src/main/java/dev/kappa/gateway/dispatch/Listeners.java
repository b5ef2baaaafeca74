package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.Hello;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several listeners, in the order in which they were added; what one of them throws ends in the log. */
public final class Listeners implements DispatchListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<DispatchListener> all;

    /**
     * Tells these.
     *
     * @param first the first listeners
     */
    public Listeners(DispatchListener... first) {
        all = new CopyOnWriteArrayList<>(first);
    }

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
        each(listener -> listener.unmet(version));
    }

    @Override
    public void hello(Hello hello) {
        each(listener -> listener.hello(hello));
    }

    @Override
    public void lost(VersionKey version, LostInstance lost) {
        each(listener -> listener.lost(version, lost));
    }

    @Override
    public void ended(VersionKey version, Answer answer, long tookMs) {
        each(listener -> listener.ended(version, answer, tookMs));
    }

    private void each(Consumer<DispatchListener> news) {
        for (DispatchListener listener : all) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("A listener of the dispatcher failed", e);
            }
        }
    }
}
