package dev.kappa.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a command-line tool as a user would. */
final class Command {
    private Command() {}

    /** What it printed; fails with all of it if the exit status is not 0. */
    static String run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + status + ":\n" + output);
        }
        return output;
    }

    /** Pipes one command into another. */
    static void pipe(List<String> from, List<String> to) throws IOException, InterruptedException {
        List<Process> both = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder(from).redirectError(ProcessBuilder.Redirect.INHERIT),
                new ProcessBuilder(to)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(new File("/dev/null"))));
        for (Process process : both) {
            if (process.waitFor() != 0) {
                throw new AssertionError(from + " | " + to + " ended with " + process.exitValue());
            }
        }
    }
}
