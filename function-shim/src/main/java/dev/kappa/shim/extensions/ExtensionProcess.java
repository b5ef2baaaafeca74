package dev.kappa.shim.extensions;

import dev.kappa.shim.core.ChildVariables;
import dev.kappa.shim.core.Companions;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.telemetry.Lines;
import dev.kappa.shim.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The process of an external extension: an executable of a layer. */
final class ExtensionProcess {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final long PRINT_LIMIT_MS = 500;

    private final Process process;

    private ExtensionProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param ended hears of its exit status, once
     * @throws IOException if it cannot be executed
     */
    static ExtensionProcess start(
            Path program, String api, Settings settings, Logs logs, Telemetry telemetry, IntConsumer ended)
            throws IOException {
        if (!Files.isExecutable(program)) {
            throw new IOException("it is not executable; begin it with #!, or build it for Linux");
        }
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) { // a session of its own tells its processes from those of handlers
            command.add(SETSID.toString());
        }
        command.add(program.toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(settings.taskRoot().toFile())
                .redirectErrorStream(true);
        ChildVariables.put(builder.environment(), settings, api);
        builder.environment().keySet().removeIf(Companions::isOfHandlersOnly);
        ExtensionProcess started = new ExtensionProcess(builder.start());
        Thread output = Thread.ofPlatform()
                .daemon()
                .name("extension-output")
                .start(() -> copy(started.process.getInputStream(), logs, telemetry));
        Thread.ofPlatform().daemon().name("extension-exit").start(() -> started.awaitExit(output, ended));
        return started;
    }

    private static void copy(InputStream from, Logs logs, Telemetry telemetry) {
        byte[] block = new byte[4_096];
        Lines lines = new Lines(telemetry::extension);
        try (from) {
            for (int length = from.read(block); length >= 0; length = from.read(block)) {
                logs.append(null, block, 0, length);
                lines.add(block, 0, length);
            }
        } catch (IOException e) {
            logs.line("kappa: the output of an extension ends early: " + e.getMessage());
        }
        lines.end();
    }

    private void awaitExit(Thread output, IntConsumer ended) {
        try {
            int status = process.waitFor();
            output.join(PRINT_LIMIT_MS);
            ended.accept(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end, for so long at most, and then kills it. */
    void endWithin(long limitMs) throws InterruptedException {
        if (!process.waitFor(Math.max(0, limitMs), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** What Lambda says of an exit status. */
    static String exitText(int status) {
        return status == 0 ? "exit code 0" : Outcome.exitMessage(status).replace("Runtime exited with error: ", "");
    }
}
