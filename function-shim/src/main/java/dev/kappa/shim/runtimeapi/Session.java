package dev.kappa.shim.runtimeapi;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.MemoryAdvice;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.core.StreamedAnswer;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.Logs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One runtime behind the Runtime API: initialised once, then as many events at once as it has seats, until it ends. */
public final class Session implements RuntimeApi.Client {
    private static final long PRINT_LIMIT_MS = 5_000;

    /** An answer that breaks off is mostly the end of its process, which is told then. */
    private static final long EXIT_LIMIT_MS = 3_000;

    /** The process that calls. */
    public interface Program {
        /** Ends it and all that it started. */
        void kill();

        /** What it prints from now on may be of this event. */
        void entered(Event event);

        /** Runs the action once all is copied that the process has printed by now: at once, or later on another thread. */
        void whenPrinted(Runnable action);

        /** The event is over, and all is copied that the process printed for it. */
        void left(Event event);

        /** A caller was told that it could not be initialised: something has to take its place. */
        void failed();
    }

    private final Settings settings;
    private final Logs logs;
    private final int seats;
    private final Program program;
    private final Watchdog watchdog;
    private final CompletableFuture<Optional<InitError>> initialized = new CompletableFuture<>();
    private final Handover handover = new Handover();
    private final Map<String, RunningEvent> running = new LinkedHashMap<>();
    private int taken;
    private boolean open;
    private boolean ended;
    private @Nullable String answered;

    /**
     * @param seats events that it runs at once
     */
    public Session(Settings settings, Logs logs, int seats, Program program, Watchdog watchdog) {
        this.settings = settings;
        this.logs = logs;
        this.seats = seats;
        this.program = program;
        this.watchdog = watchdog;
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

    /** As {@code ExecutionEnvironment.Seat}. */
    public void run(Event event, Consumer<Outcome> whenEnded) {
        Optional<InitError> failed = initialized.getNow(Optional.empty());
        if (failed.isPresent()) {
            close();
            whenEnded.accept(failed.get().outcome().then(program::failed));
            return;
        }
        RunningEvent mine = new RunningEvent(event, this::endLate, whenEnded);
        program.entered(event);
        watchdog.add(mine);
        if (begin(mine)) {
            handover.add(mine);
        } else {
            end(mine, new Outcome.NotRun());
        }
    }

    private synchronized boolean begin(RunningEvent mine) {
        if (!ended) {
            running.put(mine.event().requestId(), mine);
        }
        return !ended;
    }

    /** False if it has an outcome already. */
    private boolean end(RunningEvent mine, Outcome outcome) {
        boolean first = mine.note(outcome, PRINT_LIMIT_MS);
        if (first) {
            program.whenPrinted(() -> settle(mine));
        }
        return first;
    }

    private void settle(RunningEvent mine) {
        Outcome outcome = mine.settle();
        if (outcome != null) {
            watchdog.remove(mine);
            program.left(mine.event());
            free(mine);
            mine.tell(outcome);
        }
    }

    /** What does not end in time goes with its process, which takes no more events and leaves after the others. */
    private void endLate(RunningEvent late) {
        if (late.hasOutcome()) {
            logs.line(late.event().log(), "kappa: the log takes no more lines; some of this event's may come later");
            settle(late);
        } else if (late.note(Outcome.timedOut(late.event().requestId(), settings.timeoutMs()), PRINT_LIMIT_MS)) {
            close();
            free(late);
            program.whenPrinted(() -> settle(late));
        }
    }

    private synchronized void free(RunningEvent mine) {
        boolean first = running.remove(mine.event().requestId(), mine);
        answered = mine.event().requestId();
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
            endAll(status);
        }
        handover.end();
        return wasInitialized;
    }

    private void endAll(int status) {
        List<RunningEvent> last;
        synchronized (this) {
            ended = true;
            open = false;
            last = List.copyOf(running.values());
        }
        for (RunningEvent it : last) {
            boolean ran = it.wasGiven();
            if (ran && status == Restart.KILLED && !it.hasOutcome()) {
                logs.line(it.event().log(), "kappa: the process was killed" + MemoryAdvice.of(settings, status));
            }
            end(it, ran ? Outcome.exited(it.event().requestId(), status) : new Outcome.NotRun());
        }
    }

    private synchronized boolean initEnded(@Nullable InitError error) {
        boolean first = initialized.complete(Optional.ofNullable(error));
        open |= first;
        return first;
    }

    @Override
    public void next(RuntimeApi.Waiting by) {
        initEnded(null);
        refuseBeyondSeats();
        handover.next(by);
    }

    private synchronized void refuseBeyondSeats() {
        if (running.size() < seats) {
            return;
        }
        List<String> unanswered = running.values().stream()
                .filter(RunningEvent::isUnanswered)
                .map(it -> it.event().requestId())
                .toList();
        if (unanswered.size() >= seats) {
            throw new IllegalStateException("no answer yet: " + String.join(", ", unanswered));
        }
    }

    @Override
    public void gone(RuntimeApi.Waiting by) {
        if (!handover.cancel(by)) {
            List<RunningEvent> all;
            synchronized (this) {
                all = List.copyOf(running.values());
            }
            all.forEach(it -> handover.giveBack(it, by));
        }
    }

    private synchronized @Nullable RunningEvent find(String requestId) {
        return running.get(requestId);
    }

    @Override
    public RuntimeApi.Claim claim(String requestId) {
        RunningEvent now;
        synchronized (this) {
            now = running.get(requestId);
            if (now == null) {
                return requestId.equals(answered) ? RuntimeApi.Claim.ANSWERED : RuntimeApi.Claim.UNKNOWN;
            }
        }
        if (!now.wasGiven()) {
            return RuntimeApi.Claim.UNKNOWN;
        }
        return now.claim() ? RuntimeApi.Claim.TAKEN : RuntimeApi.Claim.ANSWERED;
    }

    @Override
    public @Nullable StreamedAnswer stream(String requestId) {
        RunningEvent now = find(requestId);
        return now == null ? null : now.event().stream();
    }

    @Override
    public boolean finish(String requestId, Outcome outcome) {
        RunningEvent now = find(requestId);
        return now != null && end(now, outcome);
    }

    @Override
    public void brokeOff(String requestId) throws InterruptedException {
        RunningEvent now = find(requestId);
        if (now != null) {
            now.awaitOutcome(EXIT_LIMIT_MS);
            end(now, Outcome.truncated(requestId));
        }
    }

    @Override
    public boolean initFailed(InitError error) {
        return initEnded(error);
    }
}
