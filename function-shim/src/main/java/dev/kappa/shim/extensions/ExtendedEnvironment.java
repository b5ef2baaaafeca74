package dev.kappa.shim.extensions;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.ExecutionEnvironment;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.log.Logs;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Handlers with the extensions beside them: initialised when all are, free for the next event when all are, replaced together.
 * Without extensions it is just the handlers.
 */
public final class ExtendedEnvironment implements ExecutionEnvironment {
    private final Settings settings;
    private final Logs logs;
    private final Extensions extensions;
    private final PlatformEvents platform;
    private final @Nullable Supplier<String> api;
    private final Runnable replacement;
    private final Listener listener;
    private final ExecutionEnvironment handlers;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean replaced = new AtomicBoolean();
    private volatile boolean initialized;
    private volatile @Nullable InitError handlersError;
    private volatile @Nullable InitError failed;
    private volatile long lastDeadlineMs;
    private volatile String reason = "failure";

    /**
     * @param api where extensions find their API, if handlers have none of their own
     * @param replacement ends the environment, so that another takes its place
     * @param handlers makes the environment of the handlers
     */
    public ExtendedEnvironment(
            Settings settings,
            Logs logs,
            Extensions extensions,
            PlatformEvents platform,
            @Nullable Supplier<String> api,
            Runnable replacement,
            Listener listener,
            Function<Listener, ExecutionEnvironment> handlers) {
        this.settings = settings;
        this.logs = logs;
        this.extensions = extensions;
        this.platform = platform;
        this.api = api;
        this.replacement = replacement;
        this.listener = listener;
        this.handlers = handlers.apply(this::heard);
    }

    @Override
    public void initialize() throws InterruptedException {
        long started = System.currentTimeMillis();
        extensions.initializing(this::extensionFailed);
        InitError error = api == null ? null : extensions.begin(api.get());
        if (error == null) {
            handlers.initialize();
            error = handlersError;
        }
        extensions.close();
        if (extensions.any()) {
            error = initializeExtensions(started, error);
        }
        initialized = true;
        platform.initialized();
        listener.initialized(started, System.currentTimeMillis(), error);
    }

    private @Nullable InitError initializeExtensions(long started, @Nullable InitError ofHandlers)
            throws InterruptedException {
        String phase = extensions.isSecondAttempt() ? "invoke" : "init";
        platform.initRuntimeDone(started, phase, ofHandlers);
        InitError error = extensions.awaitReady();
        extensions.report();
        if (extensions.isLate()) {
            logs.line(InitError.report(
                    extensions.isSecondAttempt() ? settings.timeoutMs() : settings.initLimitMs(), phase));
            if (!extensions.isSecondAttempt()) {
                extensions.tryAgain();
                replacement.run();
            }
        }
        if (error != null) {
            failed = error;
        }
        platform.initReport(started, phase, error == null ? ofHandlers : error);
        return error == null ? ofHandlers : error;
    }

    /** Of the handlers' first initialisation, which is part of this one, or of one that replaces them. */
    private void heard(long startedMs, long endedMs, @Nullable InitError error) {
        if (initialized) {
            listener.initialized(startedMs, endedMs, error);
        } else {
            handlersError = error;
        }
    }

    private void extensionFailed(InitError error) {
        InitError known = failed;
        failed = error;
        if (!initialized || error.equals(known)) {
            return; // it ended the initialisation, whose error the next event is answered with
        }
        if (running.isEmpty()) {
            replace();
        }
        for (Running event : running) {
            event.end(failure(event.event, error).then(this::replace));
        }
    }

    private static Outcome.Failure failure(Event event, InitError error) {
        return new Outcome.Failure(
                error.type(), Outcome.error(error.type(), "RequestId: " + event.requestId() + " " + error.message()));
    }

    private void replace() {
        if (replaced.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("replace").start(replacement);
        }
    }

    @Override
    public @Nullable Seat reserve() {
        if (!extensions.any()) {
            return handlers.reserve();
        }
        InitError error = failed;
        if (error != null) {
            return replaced.get()
                    ? null
                    : (event, ended) -> ended.accept(failure(event, error).then(this::replace));
        }
        try {
            List<String> busy = extensions.awaitIdle(lastDeadlineMs);
            if (!busy.isEmpty() || failed != null) {
                giveUp(busy);
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        Seat seat = handlers.reserve();
        return seat == null ? null : (event, ended) -> run(seat, event, ended);
    }

    /** As on Lambda, where what extensions do after an event is part of its time. */
    private void giveUp(List<String> busy) {
        if (!busy.isEmpty()) {
            reason = "timeout";
            logs.line("kappa: extensions that were not done with an event within the function's timeout of "
                    + settings.timeoutMs() + " ms: " + String.join(", ", busy) + "; the environment is replaced");
        }
        replace();
    }

    private void run(Seat seat, Event given, Consumer<Outcome> ended) {
        Event event = given.until(System.currentTimeMillis() + settings.timeoutMs());
        lastDeadlineMs = event.deadlineMs();
        Running mine = new Running(event, ended);
        running.add(mine);
        InitError error = failed;
        if (error != null) {
            mine.end(failure(event, error).then(this::replace));
            return;
        }
        platform.start(event);
        extensions.invoke(event);
        seat.run(event, mine::end);
    }

    /** An event, which ends with its handler's outcome or with an extension. */
    private final class Running {
        private final Event event;
        private final Consumer<Outcome> ended;
        private final long startedMs = System.currentTimeMillis();
        private final long started = System.nanoTime();
        private final AtomicBoolean over = new AtomicBoolean();

        Running(Event event, Consumer<Outcome> ended) {
            this.event = event;
            this.ended = ended;
        }

        void end(Outcome outcome) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            running.remove(this);
            if (outcome instanceof Outcome.Failure failure && failure.isTimeout()) {
                reason = "timeout";
            }
            platform.ended(event, startedMs, (System.nanoTime() - started) / 1_000, outcome, handlers::peakMemoryMb);
            ended.accept(outcome);
        }
    }

    @Override
    public boolean ready() {
        return failed == null ? handlers.ready() : initialized && !replaced.get();
    }

    @Override
    public boolean ending() {
        return failed != null || replaced.get() || handlers.ending();
    }

    @Override
    public int peakMemoryMb() {
        return handlers.peakMemoryMb();
    }

    @Override
    public void stop() {
        if (!extensions.any()) {
            handlers.stop();
            return;
        }
        try {
            extensions.awaitIdle(lastDeadlineMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reason = "spindown";
        shutDown();
    }

    /** Ends handlers, then extensions. */
    public void shutDown() {
        if (!extensions.any()) {
            return;
        }
        handlers.stopWithin(extensions.handlersShareMs());
        try {
            extensions.shutDown(reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
