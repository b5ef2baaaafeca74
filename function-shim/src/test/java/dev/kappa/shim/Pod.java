package dev.kappa.shim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What two containers of a pod share, made as the kubelet makes it: a process namespace, and each its own mounts. */
final class Pod implements AutoCloseable {
    private final Process pause;
    private final List<Process> containers = new ArrayList<>();

    private Pod(Process pause) {
        this.pause = pause;
    }

    /** Skips the test where this user may not make namespaces. */
    static Pod start() throws IOException, InterruptedException {
        String hold = "echo held; exec sleep 300";
        List<String> command = List.of(
                "unshare", "--user", "--map-root-user", "--pid", "--mount", "--mount-proc", "--fork", "sh", "-c", hold);
        Process pause = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] said = pause.getInputStream().readNBytes(4);
        assumeTrue(new String(said, US_ASCII).equals("held"), "this user may not make namespaces (unshare --user)");
        return new Pod(pause);
    }

    /**
     * What runs the rest of a command line as the first process of a namespace, as a container's is; skips the test where this
     * user may not make namespaces.
     */
    static List<String> firstProcess() throws IOException, InterruptedException {
        List<String> command =
                List.of("unshare", "--user", "--map-root-user", "--pid", "--mount-proc", "--fork", "--kill-child");
        List<String> probe = new ArrayList<>(command);
        probe.add("true");
        Process tried = new ProcessBuilder(probe)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assumeTrue(tried.waitFor() == 0, "this user may not make namespaces (unshare --user)");
        return command;
    }

    /** Starts a command in a container of its own. */
    Process container(Map<String, String> env, Path log, String... command) throws IOException {
        List<String> all = inside();
        all.addAll(List.of("unshare", "--mount"));
        all.addAll(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(env);
        Process process = builder.start();
        containers.add(process);
        return process;
    }

    /** What runs the rest of a command line among the pod's processes. */
    List<String> inside() {
        long first = pause.children().findFirst().orElseThrow().pid();
        return new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(first),
                "--user",
                "--preserve-credentials",
                "--pid",
                "--mount",
                "--wd=" + Path.of("").toAbsolutePath()));
    }

    @Override
    public void close() {
        containers.forEach(Process::destroyForcibly);
        pause.descendants().forEach(ProcessHandle::destroyForcibly);
        pause.destroyForcibly();
    }
}
