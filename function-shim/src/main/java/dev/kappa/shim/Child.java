package dev.kappa.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One runtime process that the shim starts itself, from its start to its end. */
final class Child implements Session.Program {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Settings settings;
    private final Logs logs;
    private final int seats;
    private final Consumer<Child> gone;
    private final Session session;
    private volatile @Nullable Process process;
    private volatile @Nullable OutputPump pump;

    /**
     * @param seats events that it runs at once
     * @param gone called once another child is to take this one's place
     */
    Child(Settings settings, Logs logs, int seats, Consumer<Child> gone) {
        this.settings = settings;
        this.logs = logs;
        this.seats = seats;
        this.gone = gone;
        this.session = new Session(settings, logs, seats, this);
    }

    Session session() {
        return session;
    }

    void start() {
        try {
            RuntimeApi api = new RuntimeApi(session, 0);
            Process started = builder(api.port()).start();
            process = started;
            OutputPump output = new OutputPump(started, logs);
            pump = output;
            Thread.ofVirtual().name("exit").start(() -> awaitExit(started, output, api));
        } catch (IOException e) {
            session.initFailed(ChildEnvironment.cannotStart(settings, e));
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

    @Override
    public void kill() {
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

    @Override
    public void entered(Event event) {
        OutputPump output = pump;
        if (output != null) {
            output.enter(event.requestId(), event.log());
        }
    }

    @Override
    public void left(Event event) {
        OutputPump output = pump;
        if (output != null) {
            output.drain();
            output.leave(event.requestId());
        }
    }

    @Override
    public void failed() {
        gone.accept(this);
    }

    int peakMemoryMb() {
        Process now = process;
        return now == null ? 0 : ProcessFacts.peakMemoryMb(now.pid());
    }

    private void awaitExit(Process process, OutputPump output, RuntimeApi api) {
        try {
            int status = process.waitFor();
            output.awaitEnd();
            if (session.exited(status)) {
                gone.accept(this);
            }
            api.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
