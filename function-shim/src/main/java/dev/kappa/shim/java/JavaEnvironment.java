package dev.kappa.shim.java;

import dev.kappa.shim.core.Admission;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.ExecutionEnvironment;
import dev.kappa.shim.core.InFlightJournal;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.ProcessStats;
import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.Logs;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a Java handler in this JVM; to replace the environment is to restart the process. */
public final class JavaEnvironment implements ExecutionEnvironment {
    private static final long HOOK_PATIENCE_MS = 2_000;
    private static final int RESERVE_BYTES = 2 << 20;

    private final Settings settings;
    private final Logs logs;
    private final InFlightJournal journal;
    private final Admission admission;
    private final Restart restart;
    private final Watchdog watchdog;
    private final Listener listener;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("UnusedVariable") // only held: given up when the heap is full, so that its event gets an answer
    private volatile byte @Nullable [] reserve = new byte[RESERVE_BYTES];

    private volatile boolean ready;
    private volatile @Nullable InitError initError;
    private volatile @Nullable Handler handler;
    private volatile @Nullable ClassLoader classLoader;

    public JavaEnvironment(
            Settings settings,
            Logs logs,
            InFlightJournal journal,
            Admission admission,
            Restart restart,
            Watchdog watchdog,
            Listener listener) {
        this.settings = settings;
        this.logs = logs;
        this.journal = journal;
        this.admission = admission;
        this.restart = restart;
        this.watchdog = watchdog;
        this.listener = listener;
    }

    @Override
    public void initialize() throws InterruptedException {
        long started = System.currentTimeMillis();
        Integer lastExit = settings.lastExit();
        boolean gaveUp = lastExit != null && lastExit == Restart.STATUS && journal.predecessorDiedInFirstAttempt();
        if (lastExit != null && !gaveUp && journal.predecessorDiedInitializing()) {
            // not again at once: it would most likely end the same way, over and over
            initError = new InitError("Runtime.ExitError", "Error: " + Outcome.exitMessage(lastExit));
        } else {
            journal.initializing(gaveUp);
            initError = load(gaveUp);
        }
        journal.initialized();
        Runtime.getRuntime().addShutdownHook(new Thread(this::answerOnExit, "answer-on-exit"));
        ready = true;
        listener.initialized(started, System.currentTimeMillis(), initError);
    }

    /**
     * Loads the handler.
     *
     * @param again whether it took too long before: then it has the function's timeout, as on Lambda
     */
    private @Nullable InitError load(boolean again) throws InterruptedException {
        CompletableFuture<@Nullable InitError> loaded = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("handler").start(() -> {
            try {
                HandlerLoader loader = new HandlerLoader(settings.taskRoot(), settings.layersRoot());
                classLoader = loader.classLoader();
                Thread.currentThread().setContextClassLoader(loader.classLoader());
                handler = loader.load(settings.handler());
                loaded.complete(null);
            } catch (Throwable e) { // whatever a static initialiser throws is the function's init error
                logs.line("kappa: cannot initialise " + settings.handler() + ": " + e);
                loaded.complete(JavaErrors.initError(rootOf(e)));
            }
        });
        long limitMs = again ? settings.timeoutMs() : settings.initLimitMs();
        try {
            return loaded.get(limitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            logs.line(InitError.report(limitMs, again ? "invoke" : "init"));
            if (!again) {
                restart.now();
            }
            return InitError.timedOut(settings, "");
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof ExceptionInInitializerError && cause != null ? cause : thrown;
    }

    @Override
    public @Nullable Seat reserve() {
        return ready ? this::run : null;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public boolean ending() {
        return !ready;
    }

    @Override
    public int peakMemoryMb() {
        return ProcessStats.peakMemoryMb(ProcessHandle.current().pid());
    }

    @Override
    public void stop() {
        ready = false;
    }

    /** On the thread of the caller, which is free again when the handler returns. */
    private void run(Event event, Consumer<Outcome> ended) {
        InitError failed = initError;
        if (failed != null) {
            ended.accept(replaced(failed.outcome()));
            return;
        }
        Running mine = new Running(event, ended);
        running.add(mine);
        watchdog.add(mine);
        mine.end(handle(event));
        Thread.interrupted(); // the handler's, not the connection's
    }

    /** An event, which ends with its handler's answer, at its deadline, or with the process. */
    private final class Running implements Watchdog.Watched {
        private final Event event;
        private final Consumer<Outcome> ended;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile long deadline;

        Running(Event event, Consumer<Outcome> ended) {
            this.event = event;
            this.ended = ended;
            this.deadline = Watchdog.now() + event.remainingMs() * 1_000_000;
        }

        void end(Outcome outcome) {
            if (over.compareAndSet(false, true)) {
                watchdog.remove(this);
                running.remove(this);
                ended.accept(outcome);
            }
        }

        @Override
        public long deadline() {
            return deadline;
        }

        @Override
        public void late() {
            deadline = Watchdog.NEVER;
            Thread.ofPlatform()
                    .name("late")
                    .start(() -> end(replaced(Outcome.timedOut(event.requestId(), settings.timeoutMs()))));
        }
    }

    private Outcome.Failure replaced(Outcome.Failure failure) {
        ready = false;
        return failure.then(restart::now);
    }

    @SuppressWarnings("NullAway") // no event runs before the handler is loaded
    private Outcome handle(Event event) {
        logs.enter(event.log());
        try {
            Thread.currentThread().setContextClassLoader(classLoader);
            if (event.traceId() == null) {
                System.clearProperty("com.amazonaws.xray.traceHeader");
            } else {
                System.setProperty("com.amazonaws.xray.traceHeader", event.traceId());
            }
            return Outcome.answer(
                    handler.handle(event.payload(), new HandlerContext(settings, event, logs), event.stream()));
        } catch (Throwable e) { // an Error of the handler is an answer, too
            if (e instanceof OutOfMemoryError) {
                reserve = null;
            }
            e.printStackTrace();
            Outcome.Failure failure = JavaErrors.outcome(e);
            return e instanceof VirtualMachineError && !(e instanceof StackOverflowError) ? replaced(failure) : failure;
        } finally {
            logs.leave(event.log());
        }
    }

    /** The handler called System.exit: its events hear of it before the process is gone. */
    private void answerOnExit() {
        Integer status = ExitStatusLoggerFinder.status();
        ready = false;
        logs.stopGathering();
        running.forEach(it -> it.end(Outcome.exited(it.event.requestId(), status == null ? 0 : status)));
        try {
            admission.awaitInFlight(0, HOOK_PATIENCE_MS);
            restart.sayFarewell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
