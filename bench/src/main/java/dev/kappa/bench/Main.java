package dev.kappa.bench;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs all measurements and prints one table; runs in a pod, so that every call takes the same way. */
public final class Main {
    private static final String NAMESPACE = "kappa-bench";
    /** The chart's NetworkPolicy lets only gateways in, where policies are enforced. */
    private static final String NATS = "nats://kappa-nats.kappa-system.svc.cluster.local.:4222";

    private static final String QUICK = "scaling: {idleTimeout: 1s}";
    private static final String PYTHON = "{runtime: python3.13, handler: app.handler, " + QUICK
            + ", code: {inline: {app.py: \"def handler(event, context): return {'hello': event['name']}\"}}}";
    private static final String NODE = "{runtime: nodejs20, handler: index.handler, " + QUICK
            + ", code: {inline: {index.mjs: \"export const handler = async (e) => ({hello: e.name});\"}}}";
    private static final String JAVA = "{runtime: java25, handler: com.example.Hello, memory: 256Mi, " + QUICK
            + ", code: {package: {sha256: DIGEST}}}";

    private Main() {}

    /**
     * Measures.
     *
     * @param args the gateway's host, rounds of each cold start, events at a standing weight, and the parts to measure
     *     ({@code warm}, {@code large}, {@code many}, {@code cold}, {@code runtimes}, {@code rollouts}, {@code async}; all if
     *     none is given)
     * @throws Exception if something does not work at all
     */
    public static void main(String[] args) throws Exception {
        Calls calls = new Calls(args[0], NAMESPACE);
        int rounds = Integer.parseInt(args[1]);
        int events = Integer.parseInt(args[2]);
        Set<String> parts = parts(List.of(args).subList(3, args.length));
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            Kube kube = new Kube(client, NAMESPACE);
            List<Row> rows = new ArrayList<>();
            try {
                if (parts.contains("warm")) {
                    warm(kube, calls, new Servers(client, NAMESPACE), rows);
                }
                if (parts.contains("large")) {
                    say("large events");
                    rows.addAll(new LargeEvents(kube, calls).measure());
                }
                if (parts.contains("many") || parts.contains("cold")) {
                    prepare(kube, calls);
                    measure(kube, calls, rounds, parts, rows);
                }
                if (parts.contains("runtimes")) {
                    runtimes(kube, calls, new Servers(client, NAMESPACE), rounds, rows);
                }
                if (parts.contains("rollouts")) {
                    say("rollouts");
                    rows.addAll(new RolloutPhases(kube, calls, events).measure());
                }
                if (parts.contains("async")) {
                    say("asynchronous events");
                    rows.addAll(new AsyncParts(kube, calls, NATS).measure());
                }
            } finally {
                print(rows);
            }
        }
    }

    private static Set<String> parts(List<String> asked) {
        Set<String> known =
                new LinkedHashSet<>(List.of("warm", "large", "many", "cold", "runtimes", "rollouts", "async"));
        if (!known.containsAll(asked)) {
            throw new IllegalArgumentException("unknown part in " + asked + "; there are " + known);
        }
        return asked.isEmpty() ? known : new LinkedHashSet<>(asked);
    }

    private static void prepare(Kube kube, Calls calls) throws IOException {
        String digest = upload(calls, Files.readAllBytes(Path.of("/opt/kappa/hello-java.jar")));
        kube.apply("python", PYTHON);
        kube.apply("node", NODE);
        kube.apply("java", JAVA.replace("DIGEST", digest));
        for (String function : List.of("python", "node", "java")) {
            kube.awaitReady(function);
        }
    }

    private static void measure(Kube kube, Calls calls, int rounds, Set<String> parts, List<Row> rows)
            throws Exception {
        if (parts.contains("many")) {
            say("many functions at once");
            rows.addAll(new ManyAtOnce(kube, calls).measure(PYTHON));
        }
        if (parts.contains("cold")) {
            cold(kube, calls, rounds, rows);
        }
    }

    private static void warm(Kube kube, Calls calls, Servers servers, List<Row> rows) throws Exception {
        String digest = upload(calls, Language.javaPackage());
        Warm warm = new Warm(kube, calls, servers);
        for (Language language : Language.all()) {
            say("warm calls of " + language.name());
            rows.addAll(warm.measure(language, digest));
        }
        say("memory");
        rows.addAll(Memory.measure(kube));
    }

    private static void cold(Kube kube, Calls calls, int rounds, List<Row> rows) throws Exception {
        try (Doorbell doorbell = new Doorbell()) {
            ColdStart cold = new ColdStart(kube, calls, doorbell, rounds);
            for (String function : List.of("java", "python", "node")) {
                say("cold starts of " + function);
                rows.addAll(cold.measure(function));
            }
        }
    }

    private static void runtimes(Kube kube, Calls calls, Servers servers, int rounds, List<Row> rows) throws Exception {
        try (Doorbell doorbell = new Doorbell()) {
            RuntimesPart part = new RuntimesPart(kube, calls, servers, new ColdStart(kube, calls, doorbell, rounds));
            for (String runtime : RuntimesPart.names()) {
                say("cold starts and warm calls of " + runtime);
                rows.addAll(part.measure(runtime, zip -> upload(calls, zip)));
            }
        }
    }

    private static String upload(Calls calls, byte[] jar) throws IOException {
        try (Connection connection = new Connection(calls.gateway(), Calls.GATEWAY_PORT)) {
            Connection.Answer answer = connection.send(connection.request(
                    "PUT", "/kappa/v1/namespaces/" + NAMESPACE + "/packages", Identity.with(Map.of()), jar));
            if (answer.status() != 201) {
                throw new IOException(
                        "the gateway does not take the jar: status " + answer.status() + ", " + answer.body());
            }
            return answer.body().replaceAll("(?s).*\"sha256\"\\s*:\\s*\"([0-9a-f]{64})\".*", "$1");
        }
    }

    private static void say(String what) {
        System.err.println("==> " + what);
    }

    private static void print(List<Row> rows) {
        System.out.println("Taken " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + " on "
                + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.version") + "\n");
        System.out.println(new Row("what", "Kappa", "beside it", "ratio or difference"));
        System.out.println("|---|---|---|---|");
        rows.forEach(System.out::println);
    }
}
