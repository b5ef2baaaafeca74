package dev.kappa.shim.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the processes of runtimes, and ends with one of them everything that its handler started, also in a session of its
 * own. A process belongs to the runtime that is its ancestor, whose session it is in, or whose variable it inherited. In a pod,
 * where nothing else runs, one that cannot be told is ended too.
 */
public final class PodProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final Path LOAD = PROC.resolve("loadavg");
    private static final long FIRST = 1;
    private static final long PAUSE_MS = 1;

    /** After so many looks in a row that found none, it is believed though others were started: the machine is busy. */
    private static final int LOOKS = 20;

    private final boolean alone;
    private final long endLimitMs;
    private final Supplier<Set<Long>> spared;
    private final Map<Long, String> runtimes = new HashMap<>();

    /** A line of {@code /proc/<pid>/stat}. */
    private record Entry(long pid, long parent, long group, long session) {}

    /**
     * @param alone whether the supervisor is the first process of a namespace, so that all others come from it or from handlers
     * @param endLimitMs how long {@link #end} tries
     * @param spared processes that are no runtime's, with those that they started
     */
    PodProcesses(boolean alone, long endLimitMs, Supplier<Set<Long>> spared) {
        this.alone = alone;
        this.endLimitMs = endLimitMs;
        this.spared = spared;
    }

    /**
     * Starts a runtime.
     *
     * @param variable {@code NAME=value} of its environment that no other runtime has
     */
    public synchronized Process start(ProcessBuilder builder, String variable) throws IOException {
        Process started = builder.start();
        runtimes.put(started.pid(), variable);
        return started;
    }

    /**
     * Kills a runtime's processes, again and again until none is left, since they may start others meanwhile.
     *
     * @return whether none is left
     */
    public synchronized boolean end(Process runtime) throws InterruptedException {
        String variable = runtimes.remove(runtime.pid());
        if (variable == null) {
            return true;
        }
        long end = System.nanoTime() + endLimitMs * 1_000_000;
        for (int looks = 0; looks < LOOKS; ) {
            String newest = newestProcess();
            List<Long> left = ofRuntime(runtime.pid(), variable);
            // one that starts another and ends while /proc is read shows neither
            if (left.isEmpty() && newest.equals(newestProcess())) {
                return true;
            }
            looks = left.isEmpty() ? looks + 1 : 0;
            if (System.nanoTime() > end) {
                return false;
            }
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Thread.sleep(PAUSE_MS);
        }
        return true;
    }

    /** The id that was given last in this namespace, which is the last word of the file (proc_loadavg(5)). */
    private static String newestProcess() {
        try {
            String load = Files.readString(LOAD, StandardCharsets.US_ASCII).strip();
            return load.substring(load.lastIndexOf(' ') + 1);
        } catch (IOException e) {
            return ""; // a sandbox without the file: a single look has to do
        }
    }

    private List<Long> ofRuntime(long main, String variable) {
        Map<Long, Entry> all = entries();
        Set<Long> extensions = spared.get();
        if (!extensions.isEmpty()) {
            Map<Long, Entry> seen = Map.copyOf(all);
            all.values().removeIf(entry -> isOf(seen, extensions, entry));
        }
        if (!alone) {
            return List.copyOf(attributed(all, main, variable));
        }
        Set<Long> others = new HashSet<>();
        runtimes.forEach((pid, its) -> others.addAll(attributed(all, pid, its)));
        long self = ProcessHandle.current().pid();
        List<Long> mine = new ArrayList<>();
        for (Entry entry : all.values()) {
            // what the kubelet starts in the pod, such as a hook or a debugger's shell, has its parent outside
            boolean inside = ancestors(all, entry).contains(FIRST);
            if (inside && entry.pid() != self && entry.pid() != FIRST && !others.contains(entry.pid())) {
                mine.add(entry.pid());
            }
        }
        return mine;
    }

    private static Set<Long> attributed(Map<Long, Entry> all, long main, String variable) {
        Set<Long> found = new HashSet<>();
        for (Entry entry : all.values()) {
            if (entry.pid() == main
                    || entry.session() == main
                    || entry.group() == main
                    || ancestors(all, entry).contains(main)
                    || inherited(entry.pid(), variable)) {
                found.add(entry.pid());
            }
        }
        return found;
    }

    private static boolean isOf(Map<Long, Entry> all, Set<Long> mains, Entry entry) {
        return mains.contains(entry.pid())
                || mains.contains(entry.session())
                || mains.contains(entry.group())
                || !Collections.disjoint(ancestors(all, entry), mains);
    }

    private static Set<Long> ancestors(Map<Long, Entry> all, Entry entry) {
        Set<Long> ancestors = new HashSet<>();
        for (Entry at = entry; at != null && ancestors.add(at.parent()); ) {
            at = all.get(at.parent());
        }
        return ancestors;
    }

    private static boolean inherited(long pid, String variable) {
        try {
            String environment = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + variable + "\0");
        } catch (IOException e) {
            return false; // it is gone, or another user's
        }
    }

    /** All that run; a process that has ended and that nobody has waited for yet does not. */
    private static Map<Long, Entry> entries() {
        Map<Long, Entry> entries = new HashMap<>();
        String[] names = PROC.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            Entry entry = Character.isDigit(name.charAt(0)) ? entry(name) : null;
            if (entry != null) {
                entries.put(entry.pid(), entry);
            }
        }
        return entries;
    }

    private static @Nullable Entry entry(String pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            // after the command in parentheses, which may contain blanks: state, parent, group, session
            String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            boolean over = rest[0].equals("Z") || rest[0].equals("X");
            return over
                    ? null
                    : new Entry(
                            Long.parseLong(pid),
                            Long.parseLong(rest[1]),
                            Long.parseLong(rest[2]),
                            Long.parseLong(rest[3]));
        } catch (IOException | RuntimeException e) {
            return null; // it is gone
        }
    }
}
