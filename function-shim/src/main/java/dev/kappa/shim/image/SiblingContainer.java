package dev.kappa.shim.image;

import dev.kappa.shim.core.ProcessStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The main process of the pod's other container, seen through the process namespace that the containers share. The shim
 * is not its parent: it sees that it runs and can kill it, since both have the same user, but not how it ended.
 */
public final class SiblingContainer {
    private static final Path PROC = Path.of("/proc");
    /** Kubernetes' own process, which holds the namespace. */
    private static final String PAUSE = "1";

    private static final String GONE = "";

    private static final long KILL_LIMIT_MS = 2_000;
    private static final long PAUSE_MS = 1;

    private final long pid;
    private volatile String group = GONE;

    private SiblingContainer(long pid) {
        this.pid = pid;
    }

    /** The process that has no parent in the namespace and is of another container; also one that is still being made. */
    public static Optional<SiblingContainer> find() {
        for (String process : processes()) {
            if (!process.equals(PAUSE) && hasNoParent(process) && isElsewhere(process)) {
                return Optional.of(new SiblingContainer(Long.parseLong(process)));
            }
        }
        return Optional.empty();
    }

    public boolean isAlive() {
        return Files.exists(PROC.resolve(Long.toString(pid)));
    }

    public int peakMemoryMb() {
        return ProcessStats.peakMemoryMb(pid);
    }

    public long startedAtMs() {
        return ProcessStats.startedAtMs(pid);
    }

    /** Remembers whose its processes are; to be called while it runs, and not before its container is made. */
    public void settle() {
        group = group(Long.toString(pid));
    }

    /** Kills every process of the container, again and again for a while, since they may start others meanwhile. */
    public void kill() throws InterruptedException {
        if (isAlive()) {
            settle();
        }
        long end = System.nanoTime() + KILL_LIMIT_MS * 1_000_000;
        List<String> left = members();
        while (!left.isEmpty() && System.nanoTime() < end) {
            left.forEach(
                    process -> ProcessHandle.of(Long.parseLong(process)).ifPresent(ProcessHandle::destroyForcibly));
            Thread.sleep(PAUSE_MS);
            left = members();
        }
    }

    private List<String> members() {
        if (group.equals(GONE)) {
            return List.of();
        }
        return processes().stream()
                .filter(process -> !process.equals(PAUSE) && isElsewhere(process))
                .filter(process -> group(process).equals(group))
                .filter(process -> !stat(process).startsWith("Z"))
                .toList();
    }

    private static boolean isElsewhere(String process) {
        String mounts = mounts(process);
        boolean otherMounts = mounts != null && !mounts.equals(mounts("self"));
        return otherMounts || isSibling(group(process), group("self"));
    }

    /** Whether two control groups are of two containers of one pod; a process that is made for mine starts in neither. */
    public static boolean isSibling(String group, String mine) {
        return mine.equals("/")
                ? group.matches("/[.][.]/[^/]+") // as one looks from inside a namespace of control groups
                : !group.equals(mine)
                        && group.substring(0, group.lastIndexOf('/') + 1)
                                .equals(mine.substring(0, mine.lastIndexOf('/') + 1))
                        && !group.equals(GONE);
    }

    /** The control group, which every user may read, and which a container's first process has before it is one. */
    private static String group(String process) {
        try {
            for (String line : Files.readAllLines(PROC.resolve(process).resolve("cgroup"))) {
                if (line.startsWith("0::") || line.contains(":memory:")) {
                    return line.substring(line.indexOf(':', line.indexOf(':') + 1) + 1);
                }
            }
            return GONE;
        } catch (IOException e) {
            return GONE;
        }
    }

    private static List<String> processes() {
        String[] names = PROC.toFile().list();
        List<String> processes = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                processes.add(name);
            }
        }
        return processes;
    }

    private static boolean hasNoParent(String process) {
        return stat(process).startsWith(" 0 ", 1);
    }

    /** What follows the command in parentheses, which may contain blanks: state, then parent; empty if it is gone. */
    private static String stat(String process) {
        try {
            String stat = Files.readString(PROC.resolve(process).resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return GONE;
        }
    }

    /** Null if the process is gone, or not one of this user's, as while its container is being made. */
    private static @Nullable String mounts(String process) {
        try {
            return Files.readSymbolicLink(PROC.resolve(process).resolve("ns/mnt"))
                    .toString();
        } catch (IOException e) {
            return null;
        }
    }
}
