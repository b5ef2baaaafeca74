package dev.kappa.sources.work;

import dev.kappa.api.v1alpha1.EventSource;

/** Works on one source while this process leads; no method blocks. */
public interface Worker {
    /** Begins. */
    void start();

    /**
     * The resource changed, perhaps its status only.
     *
     * @param changed as it is now
     */
    void changed(EventSource changed);

    /** Takes nothing new. */
    void stop();

    /** Whether all that was begun has ended, after {@link #stop}. */
    boolean isOver();
}
