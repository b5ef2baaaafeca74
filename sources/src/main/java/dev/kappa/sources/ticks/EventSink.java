package dev.kappa.sources.ticks;

import dev.kappa.sources.invoke.FunctionTarget;
import dev.kappa.sources.invoke.RefusedEventException;
import java.io.IOException;

/** Takes asynchronous events. */
@FunctionalInterface
public interface EventSink {
    /**
     * Takes an event; the same id is the same event.
     *
     * @param function that gets it
     * @param requestId a UUID
     * @param payload JSON
     * @throws RefusedEventException if it is not taken
     * @throws IOException if nobody knows whether it is
     * @throws InterruptedException if the caller is to stop
     */
    void accept(FunctionTarget function, String requestId, String payload)
            throws RefusedEventException, IOException, InterruptedException;
}
