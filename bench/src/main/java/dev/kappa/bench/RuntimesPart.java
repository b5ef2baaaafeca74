package dev.kappa.bench;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every runtime: from no pod to the answer beside a bare Deployment of its image, and a warm event through the gateway beside a loop in
 * a pod of its image that is its client's Runtime API; Java's, whose handler runs in the shim, beside the JDK's own server.
 */
final class RuntimesPart {
    /** {@code bench/run} makes them: NAME.zip, what the conformance suite runs, and NAME.handler. */
    private static final Path PACKAGES = Path.of("/opt/kappa/runtimes");

    private static final int BLOCKS = 10;
    private static final int EVENTS = 300;
    private static final int WARM_UP = 3_000;

    /** Takes a number of events, and how long each took. */
    private interface Way {
        void take(int events, Samples into) throws IOException;
    }

    /** Sends packages, and prints the digest. */
    interface Upload {
        String of(byte[] zip) throws IOException;
    }

    private final Kube kube;
    private final Calls calls;
    private final Servers servers;
    private final ColdStart cold;

    RuntimesPart(Kube kube, Calls calls, Servers servers, ColdStart cold) {
        this.kube = kube;
        this.calls = calls;
        this.servers = servers;
        this.cold = cold;
    }

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(PACKAGES)) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith(".handler"))
                    .map(it -> it.substring(0, it.length() - ".handler".length()))
                    .sorted()
                    .toList();
        }
    }

    List<Row> measure(String runtime, Upload upload) throws Exception {
        Path file = PACKAGES.resolve(runtime + ".zip");
        boolean java = !Files.exists(file);
        byte[] zip = java ? Language.javaPackage() : Files.readAllBytes(file);
        String handler =
                Files.readString(PACKAGES.resolve(runtime + ".handler")).strip();
        String function = "each-" + runtime.replace(".", "");
        kube.apply(
                function,
                "{runtime: " + runtime + ", handler: \"" + handler + "\", memory: 512Mi, timeoutSeconds: 30, "
                        + "scaling: {max: 1, idleTimeout: 2s}, code: {package: {sha256: " + upload.of(zip) + "}}}");
        kube.awaitReady(function);
        List<Row> rows = new ArrayList<>();
        rows.add(cold.measure(function).getFirst().named(runtime + " cold, p50"));
        rows.add(warm(runtime, function, java, handler, zip));
        return rows;
    }

    private Row warm(String runtime, String function, boolean java, String handler, byte[] zip) throws Exception {
        byte[] event = ("{\"do\":\"echo\",\"value\":\"" + "x".repeat(1_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        String beside = "beside-" + function;
        try (Calls.Caller gateway = calls.throughGateway(function, event)) {
            gateway.call();
            Pod instance = kube.staying(function);
            String address = java
                    ? servers.start(
                            beside,
                            instance,
                            Language.java().server(),
                            Language.java().command())
                    : servers.start(beside, instance, Language.loop(), Language.loopCommand(handler));
            try (Connection connection = new Connection(address, Servers.PORT)) {
                Way kappa = one(gateway);
                Way other = java ? one(Calls.plain(address, event)) : loop(connection, zip, event);
                return turns(runtime + " warm, p50", kappa, other, java ? "plain server" : "loop of its client");
            } finally {
                servers.stop(beside);
            }
        }
    }

    private static Way one(Calls.Caller caller) {
        return (events, into) -> {
            for (int i = 0; i < events; i++) {
                long start = System.nanoTime();
                caller.call();
                into.add(System.nanoTime() - start);
            }
        };
    }

    private static Way loop(Connection connection, byte[] zip, byte[] event) throws IOException {
        ask(connection, "PUT", "/", zip);
        return (events, into) ->
                ask(connection, "POST", "/" + events, event).lines().forEach(it -> into.add(Long.parseLong(it)));
    }

    private static String ask(Connection connection, String method, String path, byte[] body) throws IOException {
        return connection.send(connection.request(method, path, Map.of(), body)).body();
    }

    private static Row turns(String what, Way kappa, Way other, String beside) throws IOException {
        kappa.take(WARM_UP, new Samples());
        other.take(WARM_UP, new Samples());
        Samples ofKappa = new Samples();
        Samples ofOther = new Samples();
        for (int block = 0; block < BLOCKS; block++) {
            kappa.take(EVENTS, ofKappa);
            other.take(EVENTS, ofOther);
        }
        return new Row(
                what,
                ofKappa.text(50),
                ofOther.text(50) + " (" + beside + ")",
                "+" + Samples.format(ofKappa.percentile(50) - ofOther.percentile(50)));
    }
}
