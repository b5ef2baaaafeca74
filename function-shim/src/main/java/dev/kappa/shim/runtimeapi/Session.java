package dev.kappa.shim.runtimeapi;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.MemoryAdvice;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.log.Logs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One runtime behind the Runtime API: initialised once, then as many events at once as it has seats, until it ends. */
public final class Session implements RuntimeApi.Client {
    private static final long PRINT_LIMIT_MS = 5_000;

    /** The process that calls. */
    public interface Program {
        /** Ends it and all that it started. */
        void kill();

        /** What it prints from now on may be of this event. */
        void entered(Event event);

        /** Done once all is copied that the process has printed by now. */
        CompletableFuture<Void> printed();

        /** The event is over, and all is copied that the process printed for it. */
        void left(Event event);

        /** A caller was told that it could not be initialised: something has to take its place. */
        void failed();
    }

    private final Settings settings;
    private final Logs logs;
    private final int seats;
    private final Program program;
    private final CompletableFuture<Optional<InitError>> initialized = new CompletableFuture<>();
    private final LinkedBlockingDeque<Optional<Running>> handover = new LinkedBlockingDeque<>();
    private final Map<String, Running> running = new LinkedHashMap<>();
    private int taken;
    private boolean open;
    private boolean ended;

    /** An event of this runtime, and where its outcome goes. */
    private record Running(
            Event event,
            CompletableFuture<Outcome> outcome,
            AtomicBoolean taken,
            AtomicReference<@Nullable CompletableFuture<Void>> printed) {
        Running(Event event) {
            this(event, new CompletableFuture<>(), new AtomicBoolean(), new AtomicReference<>());
        }

        boolean isUnanswered() {
            return taken.get() && !outcome.isDone();
        }
    }

    /**
     * @param seats events that it runs at once
     */
    public Session(Settings settings, Logs logs, int seats, Program program) {
        this.settings = settings;
        this.logs = logs;
        this.seats = seats;
        this.program = program;
    }

    /** Completes with the first call of next, an init error, or the end of the process. */
    public CompletableFuture<Optional<InitError>> initialized() {
        return initialized;
    }

    /** Whether the initialisation ended with an error. */
    public boolean hasFailed() {
        return initialized.getNow(Optional.empty()).isPresent();
    }

    /** Waits for {@link #initialized}; false if it does not end in time. */
    public boolean isInitializedWithin(long limitMs) throws InterruptedException {
        try {
            initialized.get(limitMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        }
    }

    /**
     * Waits for {@link #initialized}; the process is killed if it does not end in time.
     *
     * @param late what events are answered with then
     * @return why the initialisation failed, null if it did not
     */
    public @Nullable InitError awaitInitialized(long limitMs, InitError late) throws InterruptedException {
        if (!isInitializedWithin(limitMs) && initEnded(late)) {
            program.kill();
        }
        return initialized.join().orElse(null);
    }

    /**
     * Gives up an initialisation that takes too long and kills the process, which takes no event.
     *
     * @return false if it has just ended
     */
    public boolean abandon(InitError late) {
        boolean first = initialized.complete(Optional.of(late));
        if (first) {
            program.kill();
        }
        return first;
    }

    private synchronized void close() {
        open = false;
    }

    /** Whether it takes events, now or once others have ended. */
    public synchronized boolean isOpen() {
        return open;
    }

    public synchronized boolean available() {
        return open && taken < seats;
    }

    /** Takes a seat for one event, if one is free. */
    public synchronized boolean reserve() {
        boolean free = available();
        taken += free ? 1 : 0;
        return free;
    }

    public Outcome run(Event event) throws InterruptedException {
        Optional<InitError> failed = initialized.getNow(Optional.empty());
        if (failed.isPresent()) {
            close();
            return failed.get().outcome().then(program::failed);
        }
        Running mine = new Running(event);
        program.entered(event);
        synchronized (this) {
            if (ended) {
                program.left(event);
                return new Outcome.NotRun();
            }
            running.put(event.requestId(), mine);
            handover.add(Optional.of(mine));
        }
        try {
            return mine.outcome().get(event.remainingMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            killOnceOthersEnded(mine);
            return Outcome.timedOut(event.requestId(), settings.timeoutMs());
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        } finally {
            awaitPrinted(mine);
            program.left(event);
            free(mine);
        }
    }

    private void awaitPrinted(Running mine) throws InterruptedException {
        CompletableFuture<Void> begun = mine.printed().get();
        try {
            (begun == null ? program.printed() : begun).get(PRINT_LIMIT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            logs.line(mine.event().log(), "kappa: the log takes no more lines; some of this event's may come later");
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        }
    }

    /** What does not end in time goes with its process, which takes no more events and leaves after the others. */
    private synchronized void killOnceOthersEnded(Running late) {
        open = false;
        free(late);
    }

    private synchronized void free(Running mine) {
        boolean first = running.remove(mine.event().requestId(), mine);
        taken -= first ? 1 : 0;
        if (first && !open && !ended && running.isEmpty()) {
            program.kill();
        }
    }

    /**
     * The process ended.
     *
     * @param status exit status, 128 + number for a signal, 0 if nothing tells it
     * @return whether it was initialised, so that no event will be answered with an init error
     */
    public boolean exited(int status) {
        InitError died = new InitError(
                "Runtime.ExitError", "Error: " + Outcome.exitMessage(status) + MemoryAdvice.of(settings, status));
        boolean wasInitialized = !initEnded(died) && !hasFailed();
        if (wasInitialized) {
            end(status);
        }
        handover.add(Optional.empty());
        return wasInitialized;
    }

    private synchronized void end(int status) {
        ended = true;
        open = false;
        for (Running last : running.values()) {
            boolean ran = last.taken().get();
            boolean fails = last.outcome()
                    .complete(ran ? Outcome.exited(last.event().requestId(), status) : new Outcome.NotRun());
            if (fails && ran && status == Restart.KILLED) {
                logs.line(last.event().log(), "kappa: the process was killed" + MemoryAdvice.of(settings, status));
            }
        }
    }

    private synchronized boolean initEnded(@Nullable InitError error) {
        boolean first = initialized.complete(Optional.ofNullable(error));
        open |= first;
        return first;
    }

    @Override
    public @Nullable Event next() throws InterruptedException {
        initEnded(null);
        synchronized (this) {
            List<String> unanswered = running.values().stream()
                    .filter(Running::isUnanswered)
                    .map(it -> it.event().requestId())
                    .toList();
            if (unanswered.size() >= seats) {
                throw new IllegalStateException("no answer yet: " + String.join(", ", unanswered));
            }
        }
        Running next = handover.take().orElse(null);
        if (next == null) {
            handover.add(Optional.empty()); // for the next caller: a client of many seats asks as often
            return null;
        }
        next.taken().set(true);
        return next.event();
    }

    @Override
    public synchronized void giveBack(String requestId) {
        Running now = running.get(requestId);
        if (now != null && now.isUnanswered()) {
            now.taken().set(false);
            handover.addFirst(Optional.of(now));
        }
    }

    @Override
    public boolean finish(String requestId, Outcome outcome) {
        Running now;
        synchronized (this) {
            now = running.get(requestId);
        }
        if (now == null || !now.isUnanswered()) {
            return false;
        }
        now.printed().set(program.printed()); // its way through the pipe and the answer's to the gateway overlap
        return now.outcome().complete(outcome);
    }

    @Override
    public void initFailed(InitError error) {
        initEnded(error);
    }
}
