package dev.kappa.shim.core;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Stands for an environment whose code did not arrive: answers one event with the reason and is replaced. */
public final class FailedEnvironment implements ExecutionEnvironment {
    private final InitError error;
    private final Restart restart;
    private final Listener listener;
    private final AtomicBoolean ready = new AtomicBoolean();

    public FailedEnvironment(InitError error, Restart restart, Listener listener) {
        this.error = error;
        this.restart = restart;
        this.listener = listener;
    }

    @Override
    public void initialize() {
        long now = System.currentTimeMillis();
        ready.set(true);
        listener.initialized(now, now, error);
    }

    @Override
    public @Nullable Seat reserve() {
        return ready.getAndSet(false)
                ? (event, ended) -> ended.accept(error.outcome().then(restart::now))
                : null;
    }

    @Override
    public boolean ready() {
        return ready.get();
    }

    @Override
    public boolean ending() {
        return !ready.get();
    }

    @Override
    public int peakMemoryMb() {
        return ProcessStats.peakMemoryMb(ProcessHandle.current().pid());
    }

    @Override
    public void stop() {}
}
