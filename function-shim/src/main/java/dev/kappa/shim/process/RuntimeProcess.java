package dev.kappa.shim.process;

import dev.kappa.shim.core.ChildVariables;
import dev.kappa.shim.core.Companions;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.ProcessStats;
import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.runtimeapi.RuntimeApi;
import dev.kappa.shim.runtimeapi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One runtime process that the shim starts itself, from its start to its end. */
public final class RuntimeProcess implements Session.Program {
    private static final String API = "AWS_LAMBDA_RUNTIME_API";

    private static final String BOOTSTRAP = "bootstrap";
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Settings settings;
    private final Logs logs;
    private final int seats;
    private final PodProcesses processes;
    private final Room answers;
    private final Companions companions;
    private final Restart restart;
    private final Watchdog watchdog;
    private final Consumer<RuntimeProcess> gone;
    private final Session session;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private @Nullable RuntimeApi listening;
    private volatile @Nullable Process process;
    private volatile @Nullable OutputPump pump;
    /** As it was when its first event came: all that is known of one that ends with it. */
    private volatile int memoryOnceReadyMb;

    /**
     * @param seats events that it runs at once
     * @param processes starts and ends its process
     * @param answers where answers are kept until they are passed on
     * @param companions answer what the Runtime API does not know
     * @param restart ends what does not end otherwise
     * @param gone called once another child is to take this one's place
     */
    public RuntimeProcess(
            Settings settings,
            Logs logs,
            int seats,
            PodProcesses processes,
            Room answers,
            Companions companions,
            Restart restart,
            Watchdog watchdog,
            Consumer<RuntimeProcess> gone) {
        this.settings = settings;
        this.logs = logs;
        this.seats = seats;
        this.processes = processes;
        this.answers = answers;
        this.companions = companions;
        this.restart = restart;
        this.watchdog = watchdog;
        this.gone = gone;
        this.session = new Session(settings, logs, seats, this, watchdog);
    }

    public Session session() {
        return session;
    }

    /**
     * Listens, before {@link #start}.
     *
     * @return host and port of its Runtime API
     */
    String listen() throws IOException {
        RuntimeApi api = new RuntimeApi(session, 0, seats, answers, watchdog, companions::handle);
        listening = api;
        return address(api);
    }

    private static String address(RuntimeApi api) {
        return "127.0.0.1:" + api.port();
    }

    public void start() {
        try {
            if (listening == null) {
                listen();
            }
            RuntimeApi api = Objects.requireNonNull(listening);
            String address = address(api);
            Process started = processes.start(builder(address), API + "=" + address);
            process = started;
            OutputPump output = new OutputPump(started, logs);
            pump = output;
            Thread.ofPlatform().daemon().name("exit").start(() -> awaitExit(started, output, api));
        } catch (IOException e) {
            session.initFailed(
                    new InitError("Runtime.InvalidEntrypoint", "Error: cannot start the runtime: " + e.getMessage()));
        }
    }

    /** The runtime's own, else the function's or a layer's, as Lambda looks for it. */
    private Path bootstrap() throws IOException {
        List<Path> places = Stream.of(settings.runtimeDir(), settings.taskRoot(), settings.layersRoot())
                .map(folder -> folder.resolve(BOOTSTRAP))
                .toList();
        Path found = places.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IOException("Couldn't find valid bootstrap(s): " + places
                        + "; the code needs an executable file of this name at its root"));
        if (!Files.isExecutable(found)) {
            throw new IOException(found + " is not executable; begin it with #!, or build it for Linux");
        }
        return found;
    }

    private ProcessBuilder builder(String address) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) { // a session of its own tells its processes from those of others
            command.add(SETSID.toString());
        }
        command.add(bootstrap().toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(settings.taskRoot().toFile())
                .redirectErrorStream(true);
        Map<String, String> env = builder.environment();
        ChildVariables.put(env, settings, address);
        if (seats > 1) { // AWS's name for it, where one process of a runtime takes several events
            env.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(seats));
        }
        return builder;
    }

    @Override
    public void kill() {
        Process now = process;
        if (now != null) {
            now.destroyForcibly(); // what it started ends once it is gone
        }
    }

    /** Asks it to end, as SIGTERM does. */
    void terminate() {
        Process now = process;
        if (now != null) {
            now.destroy();
        }
    }

    /** Waits for its end, for so long at most. */
    void awaitEndWithin(long limitMs) throws InterruptedException {
        Process now = process;
        if (now != null && limitMs > 0) {
            now.waitFor(limitMs, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void entered(Event event) {
        if (memoryOnceReadyMb == 0) {
            memoryOnceReadyMb = peakMemoryMb();
        }
        OutputPump output = pump;
        if (output != null) {
            output.enter(event.requestId(), event.log());
        }
    }

    @Override
    public void whenPrinted(Runnable action) {
        OutputPump output = pump;
        if (output == null) {
            action.run();
        } else {
            output.whenCopied(action);
        }
    }

    @Override
    public void left(Event event) {
        OutputPump output = pump;
        if (output != null) {
            output.leave(event.requestId());
        }
    }

    @Override
    public void failed() {
        gone.accept(this);
    }

    public int peakMemoryMb() {
        Process now = process;
        return now == null ? 0 : Math.max(memoryOnceReadyMb, ProcessStats.peakMemoryMb(now.pid()));
    }

    /** Waits until it has been started and nothing of it runs any more. */
    void awaitEnd() throws InterruptedException {
        try {
            over.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed normally only", e);
        }
    }

    private void awaitExit(Process process, OutputPump output, RuntimeApi api) {
        try {
            int status = process.waitFor();
            boolean ended = processes.end(process);
            output.awaitEnd();
            boolean replaceable = session.exited(status);
            if (!companions.any()) { // who calls it too
                api.stop();
            }
            if (!ended) {
                logs.line(
                        "kappa: processes that the handler started do not end: starting the shim again, without them");
                restart.now();
            }
            over.complete(null);
            if (replaceable) {
                gone.accept(this);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
