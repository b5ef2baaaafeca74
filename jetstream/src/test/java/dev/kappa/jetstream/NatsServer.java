package dev.kappa.jetstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The NATS server of the chart as a process of this machine, which a test may kill, and whose disk it may wipe. */
final class NatsServer {
    private static final String IMAGE = "kappa/nats:2.15.2";
    private static final String PASSWORD = "k0";
    private static final Path CHART = Path.of("..", "helm", "kappa", "templates", "nats.yaml");
    private static final Path FOLDER = Path.of("target", "nats").toAbsolutePath();

    private final Path disk;
    private final int port = freePort();
    private final String limit;
    private @Nullable Process process;
    private boolean hasAccounts = true;

    private NatsServer(String limit) throws IOException {
        this.limit = limit;
        Files.createDirectories(FOLDER);
        this.disk = Files.createTempDirectory(FOLDER, "disk");
    }

    static NatsServer started() throws IOException, InterruptedException {
        return started("");
    }

    /** A server with a disk of so many bytes. */
    static NatsServer startedWithDisk(long bytes) throws IOException, InterruptedException {
        return started(", max_file_store: " + bytes);
    }

    /** A server as the chart of 0.1.0 had it. */
    static NatsServer startedWithoutAccounts() throws IOException, InterruptedException {
        NatsServer server = new NatsServer("");
        server.hasAccounts = false;
        server.start();
        return server;
    }

    private static NatsServer started(String limit) throws IOException, InterruptedException {
        NatsServer server = new NatsServer(limit);
        server.start();
        return server;
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    NatsAccess access() {
        return new NatsAccess(url(), 1, "gateway", PASSWORD);
    }

    void start() throws IOException, InterruptedException {
        Path file = disk.resolveSibling(disk.getFileName() + ".conf");
        Files.writeString(
                file,
                "host: 127.0.0.1\nport: " + port + "\nserver_name: test\nmax_payload: 8MB\njetstream {store_dir: \""
                        + disk + "\", sync_interval: always" + limit + "}\n" + (hasAccounts ? users() : ""));
        ProcessBuilder server = new ProcessBuilder(binary().toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(disk.resolveSibling(disk.getFileName() + ".log").toFile());
        server.environment()
                .putAll(Map.of("GATEWAY_PASSWORD", PASSWORD, "API_PASSWORD", PASSWORD, "SOURCES_PASSWORD", PASSWORD));
        process = server.start();
    }

    /** The accounts and permissions of the chart, as they stand there. */
    private static String users() throws IOException {
        String chart = Files.readString(CHART);
        int begin = chart.indexOf("system_account:");
        return chart.substring(begin, chart.indexOf("{{-", begin));
    }

    /** What an upgrade to this chart does: its pod takes over the disk, and then starts the server with accounts. */
    void upgrade() throws IOException, InterruptedException {
        kill();
        String chart = Files.readString(CHART);
        String command = "command: [sh, -c, \"";
        int begin = chart.indexOf(command) + command.length();
        String script = chart.substring(begin, chart.indexOf("\"]", begin)).replace("/data/", disk + "/");
        if (new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor() != 0) {
            throw new AssertionError(script + " failed");
        }
        hasAccounts = true;
        start();
    }

    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
            process = null;
        }
    }

    /** What a pod without a volume does when it is replaced. */
    void replace() throws IOException, InterruptedException {
        kill();
        wipe();
        start();
    }

    public void close() throws IOException, InterruptedException {
        kill();
        wipe();
    }

    private void wipe() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(disk)) {
            walk.sorted(Comparator.reverseOrder()).forEach(files::add);
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /** From the image that the chart names, since no other place has this version everywhere. */
    private static synchronized Path binary() throws IOException, InterruptedException {
        Path binary = FOLDER.resolve("nats-server");
        if (!Files.isExecutable(binary)) {
            String container = docker("create", IMAGE);
            docker("cp", container + ":/nats-server", binary.toString());
            docker("rm", container);
        }
        return binary;
    }

    private static String docker(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process docker = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(docker.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!docker.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS) || docker.exitValue() != 0) {
            throw new AssertionError(command + " failed: " + output);
        }
        return output.strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
