package dev.kappa.bench;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A warm instance through the gateway, beside what does the same work without Kappa, taken in turns. */
final class Warm {
    private static final int EVENT_BYTES = 1_024;
    private static final int BLOCKS = 10;
    private static final int EVENTS = 400;
    private static final int CONNECTIONS = 16;
    private static final int RATES = 3;
    private static final long SECONDS = 4;
    /** Seconds of load that are not counted, each way: compilers work. */
    private static final long WARM_UP_SECONDS = 8;

    /** The ways to an answer. */
    private enum Way {
        KAPPA("Kappa"),
        PLAIN("plain server"),
        PROXY("HAProxy before the plain server"),
        INSTANCE("direct call to the instance");

        private final String words;

        Way(String words) {
            this.words = words;
        }
    }

    /** Opens a connection. */
    private interface Opening {
        Calls.Caller open() throws IOException;
    }

    private final Kube kube;
    private final Calls calls;
    private final Servers servers;

    Warm(Kube kube, Calls calls, Servers servers) {
        this.kube = kube;
        this.calls = calls;
        this.servers = servers;
    }

    List<Row> measure(Language language, String digest) throws Exception {
        String function = "warm-" + language.name();
        byte[] event = Calls.event(EVENT_BYTES);
        kube.apply(function, language.spec(digest));
        kube.awaitReady(function);
        try (Calls.Caller first = calls.throughGateway(function)) {
            first.call();
        }
        Pod instance = kube.staying(function);
        String plain = "plain-" + language.name();
        String proxy = "proxy-" + language.name();
        String plainAddress = servers.start(plain, instance, language.server(), language.command());
        String proxyAddress = servers.start(
                proxy,
                System.getenv("HAPROXY"),
                instance.getSpec().getContainers().getFirst(),
                Map.of("haproxy.cfg", proxySettings(plainAddress)),
                List.of());
        String address = instance.getStatus().getPodIP();
        String token = kube.token(function);
        Map<Way, Opening> ways = new EnumMap<>(Way.class);
        ways.put(Way.KAPPA, () -> calls.throughGateway(function, event));
        ways.put(Way.PLAIN, () -> Calls.plain(plainAddress, event));
        ways.put(Way.PROXY, () -> Calls.plain(proxyAddress, event));
        ways.put(Way.INSTANCE, () -> Calls.direct(address, token, function, event));
        for (Opening way : ways.values()) {
            rate(way, CONNECTIONS, WARM_UP_SECONDS);
        }
        List<Row> rows = new ArrayList<>(latency(language.name(), ways));
        rows.addAll(throughput(language.name(), ways));
        servers.stop(plain);
        servers.stop(proxy);
        return rows;
    }

    private static byte[] proxySettings(String address) throws IOException {
        try (var in = Warm.class.getResourceAsStream("/plain/haproxy.cfg")) {
            String settings = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return settings.replace("ADDRESS", address).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static List<Row> latency(String language, Map<Way, Opening> ways) throws IOException {
        Map<Way, Samples> all = new EnumMap<>(Way.class);
        for (int block = 0; block < BLOCKS; block++) {
            for (var way : ways.entrySet()) {
                sequence(way.getValue(), all.computeIfAbsent(way.getKey(), it -> new Samples()));
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int percent : new int[] {50, 99}) {
            Samples kappa = Objects.requireNonNull(all.get(Way.KAPPA));
            all.forEach((way, samples) -> {
                if (way != Way.KAPPA) {
                    rows.add(new Row(
                            language + ", 1 connection, p" + percent,
                            kappa.text(percent),
                            samples.text(percent) + " (" + way.words + ")",
                            "+" + Samples.format(kappa.percentile(percent) - samples.percentile(percent))));
                }
            });
        }
        return rows;
    }

    private static void sequence(Opening opening, Samples into) throws IOException {
        try (Calls.Caller caller = opening.open()) {
            for (int i = 0; i < EVENTS; i++) {
                long start = System.nanoTime();
                caller.call();
                into.add(System.nanoTime() - start);
            }
        }
    }

    private static List<Row> throughput(String language, Map<Way, Opening> ways) throws Exception {
        Map<Way, Double> sums = new EnumMap<>(Way.class);
        for (int block = 0; block < RATES; block++) {
            for (var way : ways.entrySet()) {
                sums.merge(way.getKey(), rate(way.getValue(), CONNECTIONS, SECONDS) / RATES, Double::sum);
            }
        }
        double kappa = Objects.requireNonNull(sums.get(Way.KAPPA));
        List<Row> rows = new ArrayList<>();
        sums.forEach((way, rate) -> {
            if (way != Way.KAPPA) {
                rows.add(new Row(
                        language + ", " + CONNECTIONS + " connections",
                        String.format(Locale.ROOT, "%.0f /s", kappa),
                        String.format(Locale.ROOT, "%.0f /s (%s)", rate, way.words),
                        Samples.ratio(kappa, rate)));
            }
        });
        return rows;
    }

    private static double rate(Opening opening, int connections, long seconds) throws Exception {
        long until = System.nanoTime() + seconds * 1_000_000_000;
        long events = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                counts.add(threads.submit(() -> count(opening, until)));
            }
            for (Future<Long> count : counts) {
                events += count.get();
            }
        }
        return (double) events / seconds;
    }

    private static long count(Opening opening, long until) throws IOException {
        long events = 0;
        try (Calls.Caller caller = opening.open()) {
            while (System.nanoTime() < until) {
                caller.call();
                events++;
            }
        }
        return events;
    }
}
