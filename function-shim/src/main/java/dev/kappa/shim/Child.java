package dev.kappa.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One runtime process from its start to its end: initialised once, then one event at a time. */
final class Child implements RuntimeApi.Client {
    private static final long INIT_LIMIT_MS = 10_000;
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Settings settings;
    private final Logs logs;
    private final Consumer<Child> gone;
    private final CompletableFuture<Optional<InitError>> initialized = new CompletableFuture<>();
    private final LinkedBlockingQueue<Optional<Running>> handover = new LinkedBlockingQueue<>();
    private @Nullable RuntimeApi api;
    private @Nullable Process process;
    private @Nullable OutputPump pump;
    private @Nullable Running running;
    private boolean available;
    private boolean ended;

    /** An event of this child, and where its outcome goes. */
    private record Running(Event event, CompletableFuture<Outcome> outcome, CompletableFuture<Boolean> taken) {
        Running(Event event) {
            this(event, new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    /**
     * @param gone called once another child is to take this one's place
     */
    Child(Settings settings, Logs logs, Consumer<Child> gone) {
        this.settings = settings;
        this.logs = logs;
        this.gone = gone;
    }

    synchronized void start() {
        try {
            RuntimeApi listening = new RuntimeApi(this);
            api = listening;
            Process started = builder(listening.port()).start();
            process = started;
            pump = new OutputPump(started, logs);
            Thread.ofVirtual().name("exit").start(() -> exited(started));
        } catch (IOException e) {
            initEnded(ChildEnvironment.cannotStart(settings, e));
        }
    }

    private ProcessBuilder builder(int port) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) { // a process group of its own, so that nothing of it outlives a timeout
            command.add(SETSID.toString());
        }
        command.add(settings.runtimeDir().resolve("bootstrap").toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(settings.taskRoot().toFile())
                .redirectErrorStream(true);
        Map<String, String> env = builder.environment();
        env.keySet().removeIf(name -> name.startsWith("KAPPA_"));
        env.putAll(settings.lambdaEnvironment());
        env.putIfAbsent("LANG", "en_US.UTF-8");
        env.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + port);
        return builder;
    }

    /** Waits for the first call of next, an init error, the end of the process or the init limit. */
    @Nullable
    InitError awaitInitialized() throws InterruptedException {
        long limitMs = Math.max(INIT_LIMIT_MS, settings.timeoutMs());
        try {
            return initialized.get(limitMs, TimeUnit.MILLISECONDS).orElse(null);
        } catch (TimeoutException e) {
            InitError late =
                    new InitError("Sandbox.Timedout", "Error: Init timed out after " + limitMs / 1000 + " seconds");
            initEnded(late);
            kill();
            return late;
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        }
    }

    synchronized boolean available() {
        return available;
    }

    /** Takes the child for one event, if it is free. */
    synchronized boolean reserve() {
        boolean free = available;
        available = false;
        return free;
    }

    Outcome run(Event event) throws InterruptedException {
        Optional<InitError> failed = initialized.getNow(Optional.empty());
        if (failed.isPresent()) {
            return failed.get().outcome().then(() -> gone.accept(this));
        }
        Running mine = new Running(event);
        OutputPump output;
        synchronized (this) {
            if (ended) {
                return new Outcome.NotRun();
            }
            running = mine;
            output = pump;
            handover.add(Optional.of(mine));
        }
        if (output != null) {
            output.belongsTo(event.log());
        }
        try {
            return mine.outcome().get(event.remainingMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            kill();
            return Outcome.timedOut(event.requestId(), settings.timeoutMs());
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        } finally {
            if (output != null) {
                output.drain();
            }
            freeAgain(mine);
        }
    }

    private synchronized void freeAgain(Running mine) {
        running = null;
        available = !ended && mine.outcome().isDone();
    }

    /** Ends the process and all that it started. */
    synchronized void kill() {
        Process now = process;
        if (now == null) {
            return;
        }
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -9 -" + now.pid() + " 2>/dev/null").start();
        } catch (IOException e) {
            logs.line("kappa: cannot kill the process group " + now.pid() + ": " + e.getMessage());
        }
        now.destroyForcibly();
    }

    synchronized int peakMemoryMb() {
        return process == null ? 0 : ProcessFacts.peakMemoryMb(process.pid());
    }

    private void exited(Process process) {
        int status;
        try {
            status = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        OutputPump output;
        synchronized (this) {
            output = pump;
        }
        if (output != null) {
            output.awaitEnd();
        }
        InitError died = new InitError("Runtime.ExitError", "Error: " + Outcome.exitMessage(status));
        if (!initEnded(died) && initialized.getNow(Optional.empty()).isEmpty()) {
            end(status);
            gone.accept(this);
        }
        RuntimeApi listening = api;
        handover.add(Optional.empty());
        if (listening != null) {
            listening.stop();
        }
    }

    private synchronized void end(int status) {
        ended = true;
        available = false;
        Running last = running;
        if (last != null) {
            last.outcome()
                    .complete(
                            last.taken().isDone()
                                    ? Outcome.exited(last.event().requestId(), status)
                                    : new Outcome.NotRun());
        }
    }

    private synchronized boolean initEnded(@Nullable InitError error) {
        boolean first = initialized.complete(Optional.ofNullable(error));
        available |= first;
        return first;
    }

    @Override
    public @Nullable Event next() throws InterruptedException {
        initEnded(null);
        synchronized (this) {
            if (running != null
                    && running.taken().isDone()
                    && !running.outcome().isDone()) {
                throw new IllegalStateException("the event " + running.event().requestId() + " has no answer yet");
            }
        }
        Running next = handover.take().orElse(null);
        if (next == null) {
            return null;
        }
        next.taken().complete(true);
        return next.event();
    }

    @Override
    public synchronized boolean finish(String requestId, Outcome outcome) {
        Running now = running;
        return now != null
                && now.taken().isDone()
                && now.event().requestId().equals(requestId)
                && now.outcome().complete(outcome);
    }

    @Override
    public void initFailed(InitError error) {
        initEnded(error);
    }
}
