package dev.kappa.shim;

import dev.kappa.shim.handlers.Echo;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures what the shim costs an event: echo of 1 KB straight to a shim as a pod has it, beside a plain HTTP server of the same
 * language on the same machine, in turns. {@code function-shim/bench-events} runs it.
 */
public final class EventPathBench {
    private static final int TURNS = Integer.getInteger("turns", 3);
    private static final long TURN_MS = Long.getLong("turnMs", 4_000);
    private static final String JSON = "{\"text\":\"" + "x".repeat(1_012) + "\"}";

    /** What one server did in one turn. */
    private record Turn(double perSecond, long p50Us, long p99Us, double serverUs, double childUs) {}

    /** A server under load. */
    private interface Server extends AutoCloseable {
        InetSocketAddress address();

        byte[] request(int connection);

        /** CPU that the server's own process took, milliseconds. */
        long cpuMs();

        /** CPU of its children. */
        long childCpuMs();

        @Override
        void close() throws IOException;
    }

    private EventPathBench() {}

    /**
     * Prints a line for each runtime and number of connections.
     *
     * @param arguments runtimes, all if there are none
     */
    public static void main(String[] arguments) throws Exception {
        List<String> runtimes =
                arguments.length > 0 ? List.of(arguments) : List.of("java25", "nodejs20", "python3.13", "awslambdaric");
        System.out.printf(
                Locale.ROOT,
                "%-14s %5s | %9s %7s %7s %8s %8s | %9s %7s %7s %8s | %6s%n",
                "runtime",
                "conns",
                "events/s",
                "p50 µs",
                "p99 µs",
                "shim µs",
                "child µs",
                "plain/s",
                "p50 µs",
                "p99 µs",
                "CPU µs",
                "ratio");
        for (String runtime : runtimes) {
            compare(runtime, 1, 1);
            int many = runtime.startsWith("python") || runtime.equals("awslambdaric") ? 4 : 16;
            compare(runtime, many, many);
        }
    }

    private static void compare(String runtime, int perInstance, int connections) throws Exception {
        try (Server shim = new BenchShim(runtime, perInstance);
                Server plain = new BenchPlain(runtime)) {
            load(shim, connections, TURN_MS);
            load(plain, connections, TURN_MS);
            List<Turn> ofShim = new ArrayList<>();
            List<Turn> ofPlain = new ArrayList<>();
            for (int i = 0; i < TURNS; i++) {
                ofShim.add(load(shim, connections, TURN_MS));
                ofPlain.add(load(plain, connections, TURN_MS));
            }
            Turn s = median(ofShim);
            Turn p = median(ofPlain);
            System.out.printf(
                    Locale.ROOT,
                    "%-14s %5d | %9.0f %7d %7d %8.0f %8.0f | %9.0f %7d %7d %8.0f | %6.2f%n",
                    runtime,
                    connections,
                    s.perSecond(),
                    s.p50Us(),
                    s.p99Us(),
                    s.serverUs(),
                    s.childUs(),
                    p.perSecond(),
                    p.p50Us(),
                    p.p99Us(),
                    p.serverUs(),
                    s.perSecond() / p.perSecond());
        }
    }

    private static Turn median(List<Turn> turns) {
        return turns.stream()
                .sorted((a, b) -> Double.compare(a.perSecond(), b.perSecond()))
                .toList()
                .get(turns.size() / 2);
    }

    private static Turn load(Server server, int connections, long ms) throws Exception {
        long cpu = server.cpuMs();
        long childCpu = server.childCpuMs();
        long end = System.nanoTime() + ms * 1_000_000;
        List<BenchCaller> callers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            BenchCaller caller = new BenchCaller(server.address(), server.request(i), JSON, end);
            callers.add(caller);
            caller.start();
        }
        for (BenchCaller caller : callers) {
            caller.join();
        }
        long[] all =
                callers.stream().flatMapToLong(BenchCaller::tookNs).sorted().toArray();
        if (all.length == 0) {
            throw new IllegalStateException("no event was answered");
        }
        return new Turn(
                all.length * 1e3 / ms,
                all[all.length / 2] / 1_000,
                all[(int) (all.length * 0.99)] / 1_000,
                (server.cpuMs() - cpu) * 1e3 / all.length,
                (server.childCpuMs() - childCpu) * 1e3 / all.length);
    }

    /** User and system time of a process, or 0 if it is gone. */
    private static long cpuMs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(rest[11]) + Long.parseLong(rest[12])) * 10;
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/java");
    }

    /** A shim with its children. */
    private static final class BenchShim implements Server {
        private final Path folder = Files.createTempDirectory("bench");
        private final FakeGateway gateway;
        private final ShimProcess shim;
        private final URI address;

        BenchShim(String runtime, int perInstance) throws Exception {
            gateway = new FakeGateway(
                    runtime.startsWith("java")
                            ? FakeGateway.zipOf(Echo.class)
                            : FakeGateway.zip(Map.of(
                                    "app.py", "def handler(event, context):\n    return event\n",
                                    "app.js", "exports.handler = async (event) => event;\n")));
            Map<String, String> env = new HashMap<>(Map.of("KAPPA_PER_INSTANCE", Integer.toString(perInstance)));
            if (runtime.equals("awslambdaric")) {
                env.put("LAMBDA_RUNTIME_DIR", AwsPython.runtime(folder).toString());
            }
            List<String> command = runtime.startsWith("java")
                    ? ShimProcess.entrypoint()
                    : ShimProcess.entrypoint(
                            "-XX:TieredStopAtLevel=1", "-Xmx32m", "-Xmn6m", "-XX:PretenureSizeThreshold=262144");
            String handler = runtime.startsWith("java") ? Echo.class.getName() : "app.handler";
            String name = runtime.equals("awslambdaric") ? "python3.13" : runtime;
            shim = new ShimProcess(gateway, folder, command, name, handler, env);
            address = URI.create("http://" + shim.awaitHello().get("address"));
        }

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort());
        }

        @Override
        public byte[] request(int connection) {
            return ("POST " + Wire.INVOKE + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + JSON.length() + "\r\n"
                            + Wire.TOKEN + ": " + FakeGateway.token() + "\r\n"
                            + Wire.REQUEST_ID + ": 0123456-89ab-cdef-0123-" + connection + "\r\n"
                            + Wire.INVOKED_ARN + ": arn:aws:lambda:us-east-1:000000000000:function:fn\r\n\r\n" + JSON)
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public long cpuMs() {
            return shim.processes()
                    .filter(EventPathBench::isJava)
                    .mapToLong(it -> EventPathBench.cpuMs(it.pid()))
                    .sum();
        }

        @Override
        public long childCpuMs() {
            return shim.processes()
                    .filter(it -> !isJava(it))
                    .mapToLong(it -> EventPathBench.cpuMs(it.pid()))
                    .sum();
        }

        @Override
        public void close() throws IOException {
            shim.close();
            gateway.close();
        }
    }

    /** A plain HTTP server that parses and writes the same JSON. */
    private static final class BenchPlain implements Server {
        private static final Map<String, String> FILES = Map.of("plain.js", """
                require("http").createServer((request, answer) => {
                  const parts = [];
                  request.on("data", (part) => parts.push(part));
                  request.on("end", () => {
                    const body = JSON.stringify(JSON.parse(Buffer.concat(parts).toString()));
                    answer.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
                    answer.end(body);
                  });
                }).listen(Number(process.argv[2]), "127.0.0.1");
                """, "plain.py", """
                import json, sys
                from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
                class Echo(BaseHTTPRequestHandler):
                    protocol_version = "HTTP/1.1"
                    disable_nagle_algorithm = True
                    wbufsize = -1
                    def do_POST(self):
                        body = json.dumps(json.loads(self.rfile.read(int(self.headers["Content-Length"])))).encode()
                        self.send_response(200)
                        self.send_header("Content-Type", "application/json")
                        self.send_header("Content-Length", str(len(body)))
                        self.end_headers()
                        self.wfile.write(body)
                    def log_message(self, *arguments):
                        pass
                ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
                """);

        private final Process process;
        private final int port;

        BenchPlain(String runtime) throws Exception {
            try (ServerSocket any = new ServerSocket(0)) {
                port = any.getLocalPort();
            }
            Path folder = Files.createTempDirectory("plain");
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
            List<String> command = switch (runtime) {
                case "java25" ->
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dsun.net.httpserver.nodelay=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "dev.kappa.shim.handlers.PlainServer");
                case "nodejs20" -> List.of("node", folder.resolve("plain.js").toString());
                case "awslambdaric" ->
                    List.of(AwsPython.python313(), folder.resolve("plain.py").toString());
                default ->
                    List.of("/usr/bin/python3", folder.resolve("plain.py").toString());
            };
            List<String> all = new ArrayList<>(command);
            all.add(Integer.toString(port));
            process = new ProcessBuilder(all).inheritIO().start();
            awaitListening();
        }

        private void awaitListening() throws Exception {
            for (int tries = 0; ; tries++) {
                try (Socket socket = new Socket()) {
                    socket.connect(address(), 1_000);
                    return;
                } catch (IOException e) {
                    if (tries > 200) {
                        throw e;
                    }
                    Thread.sleep(50);
                }
            }
        }

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public byte[] request(int connection) {
            return ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + JSON.length() + "\r\n\r\n" + JSON)
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public long cpuMs() {
            return EventPathBench.cpuMs(process.pid());
        }

        @Override
        public long childCpuMs() {
            return 0;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
