package dev.kappa.gateway.path;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the way of an event through gateways, without a cluster: to the owner, through another gateway to the owner, and to
 * either of them as through a Service, each beside a direct call to the same instance, in turns in one run. Several builds are
 * compared in the same turns.
 */
public final class PathBench {
    private static final String PATH = "/2015-03-31/functions/hello/invocations";
    private static final int[] CONNECTIONS = {1, 16};

    private final List<Process> processes = new ArrayList<>();
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();
    private final String body = body();

    private PathBench() {}

    /** One measurement: what the load saw, and the processor time of the gateways that the event passed, a microsecond each. */
    private record Round(Load.Result load, double cpuUs, double shareOfDirect) {}

    /** The two gateways of one build. */
    private record Build(String name, Process owner, int ownerPort, Process entry, int entryPort) {}

    /**
     * Prints a table.
     *
     * @param args rounds, milliseconds of each measurement, then builds, each as name=classpath, or as
     *     "name=options of the JVM classpath"
     */
    public static void main(String[] args) throws Exception {
        PathBench bench = new PathBench();
        try {
            bench.run(Integer.parseInt(args[0]), Long.parseLong(args[1]), Arrays.copyOfRange(args, 2, args.length));
        } finally {
            bench.processes.forEach(Process::destroy);
        }
    }

    private static String body() {
        StringBuilder text = new StringBuilder("{\"items\":[");
        for (int i = 0; text.length() < 980; i++) {
            text.append("{\"id\":")
                    .append(i)
                    .append(",\"name\":\"item ")
                    .append(i)
                    .append("\"},");
        }
        return text.append("null]}").toString();
    }

    private void run(int count, long millis, String[] named) throws Exception {
        Process echo = start(System.getProperty("java.class.path"), EchoServer.class);
        int echoPort = port(echo);
        List<Build> builds = new ArrayList<>();
        for (String build : named) {
            int cut = build.indexOf('=');
            builds.add(build(build.substring(0, cut), build.substring(cut + 1), echoPort));
        }
        System.out.printf("Warming up; then %d rounds of %d ms for each line.%n", count, millis);
        round(echoPort, builds, Math.max(5_000, 3 * millis), false);
        for (int i = 0; i < count; i++) {
            round(echoPort, builds, millis, true);
        }
        print();
    }

    private void round(int echoPort, List<Build> builds, long millis, boolean kept) throws Exception {
        for (int connections : CONNECTIONS) {
            Load.Result direct =
                    new Load(List.of(at("127.0.0.1", echoPort)), "/v1/invoke", connections, body).run(millis);
            keep(kept, connections + " direct", new Round(direct, 0, 1));
            for (Build build : builds) {
                InetSocketAddress owner = at("127.0.0.1", build.ownerPort());
                InetSocketAddress entry = at("127.0.0.2", build.entryPort());
                measure(build, "owned", List.of(owner), connections, millis, kept, direct);
                measure(build, "forwarded", List.of(entry), connections, millis, kept, direct);
                measure(build, "either", List.of(owner, entry), connections, millis, kept, direct);
            }
        }
    }

    private void measure(
            Build build,
            String way,
            List<InetSocketAddress> gateways,
            int connections,
            long millis,
            boolean kept,
            Load.Result direct)
            throws Exception {
        Duration before = cpu(build);
        Load.Result load = new Load(gateways, PATH, connections, body).run(millis);
        double cpuUs = cpu(build).minus(before).toNanos() / 1000.0 / load.events();
        keep(
                kept,
                connections + " " + way + " " + build.name(),
                new Round(load, cpuUs, load.perSecond() / direct.perSecond()));
    }

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private void keep(boolean kept, String name, Round round) {
        if (kept) {
            rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(round);
        }
    }

    private static Duration cpu(Build build) {
        return build.owner()
                .info()
                .totalCpuDuration()
                .orElseThrow()
                .plus(build.entry().info().totalCpuDuration().orElseThrow());
    }

    private void print() {
        System.out.println(
                "| connections, way, build | events/s | of direct | p50 µs | p99 µs | gateways' CPU µs an event |");
        System.out.println("|---|---|---|---|---|---|");
        rounds.forEach((name, all) -> System.out.printf(
                "| %s | %.0f | %.3f | %.0f | %.0f | %.0f |%n",
                name,
                middle(all, round -> round.load().perSecond()),
                middle(all, Round::shareOfDirect),
                middle(all, round -> round.load().p50Us()),
                middle(all, round -> round.load().p99Us()),
                middle(all, Round::cpuUs)));
    }

    private static double middle(List<Round> all, java.util.function.ToDoubleFunction<Round> value) {
        double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Build build(String name, String classpath, int echoPort) throws Exception {
        int internal = freePort();
        int ownerPort = freePort();
        int entryPort = freePort();
        String[] owner = {"owner", "127.0.0.1", String.valueOf(echoPort)};
        Process first = gateway(classpath, "owner", "127.0.0.1", ownerPort, internal, owner);
        Process second = gateway(classpath, "entry", "127.0.0.2", entryPort, internal, owner);
        port(first);
        port(second);
        return new Build(name, first, ownerPort, second, entryPort);
    }

    private Process gateway(String classpath, String name, String host, int port, int internal, String[] owner)
            throws IOException {
        List<String> args = new ArrayList<>(List.of(name, host, String.valueOf(port), String.valueOf(internal)));
        args.addAll(List.of(owner));
        return start(classpath, PathGateway.class, args.toArray(String[]::new));
    }

    private Process start(String classpath, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        int options = classpath.lastIndexOf(' ');
        command.addAll(
                options < 0
                        ? List.of()
                        : List.of(classpath.substring(0, options).split(" ")));
        command.addAll(List.of("-cp", classpath.substring(options + 1), main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        System.out.println(String.join(" ", args) + " is process " + process.pid());
        return process;
    }

    private static int port(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ports ")) {
                return Integer.parseInt(line.substring(6));
            }
        }
        throw new IOException("a process ended before it listened");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
