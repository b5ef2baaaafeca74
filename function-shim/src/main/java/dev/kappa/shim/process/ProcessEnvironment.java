package dev.kappa.shim.process;

import dev.kappa.shim.core.Companions;
import dev.kappa.shim.core.ExecutionEnvironment;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.MemoryAdvice;
import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.Logs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers of other languages: one child process for each event at once, or one for all where the runtime can do that,
 * each behind a Runtime API of its own.
 */
public final class ProcessEnvironment implements ExecutionEnvironment {
    private static final long END_LIMIT_MS = 2_000;

    private final Settings settings;
    private final Logs logs;
    private final Companions companions;
    private final PodProcesses processes;
    private final Room answers = Room.ofSmallHeap();
    private final Restart restart;
    private final Watchdog watchdog;
    private final Listener listener;
    private final List<RuntimeProcess> children = new ArrayList<>();
    private boolean stopped;

    /**
     * @param companions run beside the first child, as processes that know its Runtime API
     */
    public ProcessEnvironment(
            Settings settings,
            Logs logs,
            Companions companions,
            Restart restart,
            Watchdog watchdog,
            Listener listener) {
        this.settings = settings;
        this.logs = logs;
        this.companions = companions;
        this.processes = new PodProcesses(settings.firstProcess(), END_LIMIT_MS, companions::processes);
        this.restart = restart;
        this.watchdog = watchdog;
        this.listener = listener;
    }

    @Override
    public void initialize() throws InterruptedException {
        long started = System.currentTimeMillis();
        List<RuntimeProcess> first = new ArrayList<>();
        for (int i = 0; i < settings.processes(); i++) {
            first.add(make());
        }
        InitError error = begin(first.getFirst());
        if (error == null) {
            first.forEach(RuntimeProcess::start);
            error = awaitInitialized(first);
        } else {
            for (RuntimeProcess child : first) {
                child.session().initFailed(error);
            }
        }
        listener.initialized(started, System.currentTimeMillis(), error);
    }

    private @Nullable InitError begin(RuntimeProcess first) throws InterruptedException {
        try {
            return companions.begin(first.listen());
        } catch (IOException e) {
            return new InitError("Runtime.Unknown", "The Runtime API cannot listen: " + e.getMessage());
        }
    }

    @Override
    public synchronized @Nullable Seat reserve() {
        for (RuntimeProcess child : children) {
            if (child.session().reserve()) {
                return child.session()::run;
            }
        }
        return null;
    }

    @Override
    public synchronized boolean ready() {
        return children.stream().anyMatch(child -> child.session().available());
    }

    @Override
    public synchronized boolean ending() {
        return children.stream().noneMatch(child -> child.session().isOpen());
    }

    @Override
    public synchronized int peakMemoryMb() {
        return children.stream().mapToInt(RuntimeProcess::peakMemoryMb).sum();
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        children.forEach(RuntimeProcess::kill);
    }

    @Override
    public void stopWithin(long limitMs) {
        List<RuntimeProcess> last;
        synchronized (this) {
            stopped = true;
            last = List.copyOf(children);
        }
        last.forEach(RuntimeProcess::terminate);
        long end = System.nanoTime() + limitMs * 1_000_000;
        try {
            for (RuntimeProcess child : last) {
                child.awaitEndWithin((end - System.nanoTime()) / 1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop();
    }

    private RuntimeProcess start() {
        RuntimeProcess child = make();
        child.start();
        return child;
    }

    private synchronized RuntimeProcess make() {
        int seats = settings.capacity() / settings.processes();
        RuntimeProcess child = new RuntimeProcess(
                settings, logs, seats, processes, answers, companions, restart, watchdog, this::replace);
        children.add(child);
        return child;
    }

    /** As on Lambda, a child that is not initialised in time is killed, and another has the function's timeout for it. */
    private @Nullable InitError awaitInitialized(List<RuntimeProcess> started) throws InterruptedException {
        InitError late = InitError.timedOut(settings, MemoryAdvice.ofSlowInit(settings));
        long begun = System.nanoTime();
        List<RuntimeProcess> tried = new ArrayList<>();
        for (RuntimeProcess child : companions.isSecondAttempt() ? List.<RuntimeProcess>of() : started) {
            boolean inTime = child.session().isInitializedWithin(left(begun, settings.initLimitMs()));
            tried.add(inTime || !child.session().abandon(late) ? child : startAgain(child));
        }
        if (tried.isEmpty()) {
            tried.addAll(started);
        }
        long begunAgain = System.nanoTime();
        InitError error = null;
        for (RuntimeProcess child : tried) {
            InitError its = child.session().awaitInitialized(left(begunAgain, settings.timeoutMs()), late);
            if (late.equals(its)) {
                logs.line(InitError.report(settings.timeoutMs(), "invoke"));
            }
            error = error == null ? its : error;
        }
        return error;
    }

    private static long left(long begunNanos, long limitMs) {
        return Math.max(0, limitMs - (System.nanoTime() - begunNanos) / 1_000_000);
    }

    private RuntimeProcess startAgain(RuntimeProcess late) throws InterruptedException {
        logs.line(InitError.report(settings.initLimitMs(), "init"));
        if (companions.any()) {
            companions.tryAgain();
            restart.now();
        }
        late.awaitEnd();
        synchronized (this) {
            children.remove(late);
            if (stopped) {
                return late;
            }
        }
        return start();
    }

    /** A child is gone: another takes its place at once, and the gateway hears of it. */
    private void replace(RuntimeProcess gone) {
        Thread.ofPlatform().daemon().name("replace").start(() -> {
            synchronized (this) {
                if (stopped || !children.remove(gone)) {
                    return;
                }
            }
            if (companions.any()) {
                restart.now(); // they come to their end too, and begin anew
                return;
            }
            long started = System.currentTimeMillis();
            try {
                InitError error = awaitInitialized(List.of(start()));
                listener.initialized(started, System.currentTimeMillis(), error);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
