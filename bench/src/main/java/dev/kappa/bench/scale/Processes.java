package dev.kappa.bench.scale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processes of the node, Kappa's and those of Kubernetes, by the kernel's and their own account. */
final class Processes {
    private static final Set<String> OF_KUBERNETES =
            Set.of("kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubelet");
    private static final Pattern POD = Pattern.compile("(kappa-[a-z]+)-[a-z0-9-]+");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    /** Holes between objects, which the histogram counts. */
    private static final Pattern FILLER = Pattern.compile("(\\d+)\\s+\\S*FillerElement");

    private static final int TICKS_A_SECOND = 100;
    private static final int USER_TIME = 11;

    /**
     * A process at a moment.
     *
     * @param pid its id
     * @param residentKib memory
     * @param cpuSeconds that it ever used
     * @param java whether it is a JVM
     */
    record Known(long pid, long residentKib, double cpuSeconds, boolean java) {}

    private Processes() {}

    /** By name; those of Kappa by their pods, numbered. */
    static Map<String, Known> list() throws IOException {
        Map<String, Known> known = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path one : all) {
                try {
                    add(known, one);
                } catch (IOException ended) {
                    // Meanwhile.
                }
            }
        }
        return known;
    }

    private static void add(Map<String, Known> known, Path process) throws IOException {
        String command = Files.readString(process.resolve("comm")).strip();
        String name = name(process, command);
        if (name.isEmpty()) {
            return;
        }
        Matcher resident = RESIDENT.matcher(Files.readString(process.resolve("status")));
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double seconds =
                (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1])) / (double) TICKS_A_SECOND;
        known.put(
                name,
                new Known(
                        Long.parseLong(process.getFileName().toString()),
                        resident.find() ? Long.parseLong(resident.group(1)) : 0,
                        seconds,
                        command.equals("java")));
    }

    private static String name(Path process, String command) throws IOException {
        String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        String program = Path.of(line.split("\0", 2)[0]).getFileName() == null
                ? ""
                : Path.of(line.split("\0", 2)[0]).getFileName().toString();
        if (OF_KUBERNETES.contains(program)) {
            return program;
        }
        if (!command.equals("java") && !command.equals("nats-server")) {
            return "";
        }
        for (String variable : Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                .split("\0", -1)) {
            if (variable.startsWith("HOSTNAME=")) {
                String host = variable.substring("HOSTNAME=".length());
                Matcher pod = POD.matcher(host);
                return pod.matches() ? host : "";
            }
        }
        return "";
    }

    /** Bytes of objects that are reachable in a JVM; the count collects its garbage. */
    static OptionalLong live(Known jvm) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder("/opt/kappa/jdk/bin/jcmd", Long.toString(jvm.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String told = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        Matcher total = TOTAL.matcher(told);
        if (!total.find()) {
            System.err.println("no histogram of " + jvm.pid() + ": " + told.strip());
            return OptionalLong.empty();
        }
        Matcher filler = FILLER.matcher(told);
        return OptionalLong.of(Long.parseLong(total.group(1)) - (filler.find() ? Long.parseLong(filler.group(1)) : 0));
    }
}
