package dev.kappa.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** One runtime process from its start to its end: initialised once, then as many events at once as it has seats. */
final class Child implements RuntimeApi.Client {
    private static final long INIT_LIMIT_MS = 10_000;
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Settings settings;
    private final Logs logs;
    private final int seats;
    private final Consumer<Child> gone;
    private final CompletableFuture<Optional<InitError>> initialized = new CompletableFuture<>();
    private final LinkedBlockingQueue<Optional<Running>> handover = new LinkedBlockingQueue<>();
    private @Nullable RuntimeApi api;
    private @Nullable Process process;
    private @Nullable OutputPump pump;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private int taken;
    private boolean open;
    private boolean ended;

    /** An event of this child, and where its outcome goes. */
    private record Running(Event event, CompletableFuture<Outcome> outcome, CompletableFuture<Boolean> taken) {
        Running(Event event) {
            this(event, new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    /**
     * @param seats events that it runs at once
     * @param gone called once another child is to take this one's place
     */
    Child(Settings settings, Logs logs, int seats, Consumer<Child> gone) {
        this.settings = settings;
        this.logs = logs;
        this.seats = seats;
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
        if (seats > 1) { // AWS's name for it, where one process of a runtime takes several events
            env.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(seats));
        }
        return builder;
    }

    /** Waits for the first call of next, an init error, the end of the process or the init limit. */
    @Nullable
    InitError awaitInitialized() throws InterruptedException {
        long limitMs = Math.max(INIT_LIMIT_MS, settings.timeoutMs());
        try {
            return initialized.get(limitMs, TimeUnit.MILLISECONDS).orElse(null);
        } catch (TimeoutException e) {
            InitError late = new InitError(
                    "Sandbox.Timedout",
                    "Error: Init timed out after " + limitMs / 1000 + " seconds" + MemoryRemedy.ofSlowInit(settings));
            initEnded(late);
            kill();
            return late;
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        }
    }

    synchronized boolean available() {
        return open && taken < seats;
    }

    /** Takes a seat for one event, if one is free. */
    synchronized boolean reserve() {
        boolean free = available();
        taken += free ? 1 : 0;
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
            running.put(event.requestId(), mine);
            output = pump;
            handover.add(Optional.of(mine));
        }
        if (output != null) {
            output.enter(event.requestId(), event.log());
        }
        try {
            return mine.outcome().get(event.remainingMs(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            killOnceOthersEnded(mine);
            return Outcome.timedOut(event.requestId(), settings.timeoutMs());
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        } finally {
            if (output != null) {
                output.drain();
                output.leave(event.requestId());
            }
            free(mine);
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
            kill();
        }
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
        InitError died = new InitError(
                "Runtime.ExitError", "Error: " + Outcome.exitMessage(status) + MemoryRemedy.of(settings, status));
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
        open = false;
        for (Running last : running.values()) {
            boolean ran = last.taken().isDone();
            boolean fails = last.outcome()
                    .complete(ran ? Outcome.exited(last.event().requestId(), status) : new Outcome.NotRun());
            if (fails && ran && status == Restart.KILLED) {
                logs.line(last.event().log(), "kappa: the process was killed" + MemoryRemedy.of(settings, status));
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
                    .filter(it -> it.taken().isDone() && !it.outcome().isDone())
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
        next.taken().complete(true);
        return next.event();
    }

    @Override
    public synchronized boolean finish(String requestId, Outcome outcome) {
        Running now = running.get(requestId);
        return now != null && now.taken().isDone() && now.outcome().complete(outcome);
    }

    @Override
    public void initFailed(InitError error) {
        initEnded(error);
    }
}
