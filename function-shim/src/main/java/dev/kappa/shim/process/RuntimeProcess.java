package dev.kappa.shim.process;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One runtime process that the shim starts itself, from its start to its end. */
public final class RuntimeProcess implements Session.Program {
    private static final String API = "AWS_LAMBDA_RUNTIME_API";

    /** Before the names of variables that the entrypoint keeps from this JVM and for the handler. */
    private static final String GIVEN = "KAPPA_GIVEN_";

    private static final String BOOTSTRAP = "bootstrap";
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Settings settings;
    private final Logs logs;
    private final int seats;
    private final PodProcesses processes;
    private final Room answers;
    private final Restart restart;
    private final Watchdog watchdog;
    private final Consumer<RuntimeProcess> gone;
    private final Session session;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile @Nullable Process process;
    private volatile @Nullable OutputPump pump;

    /**
     * @param seats events that it runs at once
     * @param processes starts and ends its process
     * @param answers where answers are kept until they are passed on
     * @param restart ends what does not end otherwise
     * @param gone called once another child is to take this one's place
     */
    public RuntimeProcess(
            Settings settings,
            Logs logs,
            int seats,
            PodProcesses processes,
            Room answers,
            Restart restart,
            Watchdog watchdog,
            Consumer<RuntimeProcess> gone) {
        this.settings = settings;
        this.logs = logs;
        this.seats = seats;
        this.processes = processes;
        this.answers = answers;
        this.restart = restart;
        this.watchdog = watchdog;
        this.gone = gone;
        this.session = new Session(settings, logs, seats, this, watchdog);
    }

    public Session session() {
        return session;
    }

    public void start() {
        try {
            RuntimeApi api = new RuntimeApi(session, 0, seats, answers, watchdog);
            String address = "127.0.0.1:" + api.port();
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
        env.remove("LANG"); // the shim's own; the entrypoint keeps the function's with the others that it gives on
        for (String name : List.copyOf(env.keySet())) {
            if (name.startsWith(GIVEN)) {
                env.put(name.substring(GIVEN.length()), env.get(name));
            }
        }
        env.keySet().removeIf(name -> name.startsWith("KAPPA_"));
        env.putAll(settings.lambdaEnvironment());
        env.put(API, address);
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

    @Override
    public void entered(Event event) {
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
        return now == null ? 0 : ProcessStats.peakMemoryMb(now.pid());
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
            api.stop();
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
