package dev.kappa.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The event loop of a request, to which its answer comes back; no change of threads if it is there already. */
public final class HomeLoop {
    private final Context context;
    private final Thread thread;

    private HomeLoop(Context context, Thread thread) {
        this.context = context;
        this.thread = thread;
    }

    /**
     * The event loop on which this is called.
     *
     * @param vertx runs it
     * @return where to come back to
     */
    public static HomeLoop here(Vertx vertx) {
        return new HomeLoop(vertx.getOrCreateContext(), Thread.currentThread());
    }

    /**
     * Runs something on that event loop, behind what it has to do already.
     *
     * @param action what to run
     */
    public void later(Runnable action) {
        context.runOnContext(v -> action.run());
    }

    /**
     * Runs something on that event loop: at once if this is its thread.
     *
     * @param action what to run
     */
    public void run(Runnable action) {
        if (Thread.currentThread() == thread) {
            action.run();
        } else {
            context.runOnContext(v -> action.run());
        }
    }
}
