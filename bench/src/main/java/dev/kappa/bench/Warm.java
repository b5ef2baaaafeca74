package dev.kappa.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A warm instance through the gateway, beside direct calls to it. */
final class Warm {
    private static final int BLOCKS = 10;
    /** Blocks that are not counted: the JVMs compile. */
    private static final int WARM_UP = 80;

    private static final int EVENTS = 400;
    private static final int CONNECTIONS = 16;
    private static final long SECONDS = 6;

    /** Opens a connection of one of the two kinds. */
    interface Opening {
        Calls.Caller open() throws IOException;
    }

    private final Kube kube;
    private final Calls calls;

    Warm(Kube kube, Calls calls) {
        this.kube = kube;
        this.calls = calls;
    }

    List<Row> measure(String function) throws Exception {
        Opening gateway = () -> calls.throughGateway(function);
        try (Calls.Caller first = gateway.open()) {
            first.call();
        }
        String address = kube.address(function);
        String token = kube.token(function);
        Opening direct = () -> Calls.direct(address, token, function);
        List<Row> rows = new ArrayList<>(latency(function, gateway, direct));
        rows.add(throughput(function, gateway, direct));
        return rows;
    }

    private static List<Row> latency(String function, Opening gateway, Opening direct) throws IOException {
        Samples through = new Samples();
        Samples straight = new Samples();
        for (int block = -WARM_UP; block < BLOCKS; block++) {
            sequence(gateway, block < 0 ? new Samples() : through);
            sequence(direct, block < 0 ? new Samples() : straight);
        }
        List<Row> rows = new ArrayList<>();
        for (int percent : new int[] {50, 99}) {
            double difference = through.percentile(percent) - straight.percentile(percent);
            rows.add(new Row(
                    "java " + function + ", p" + percent,
                    through.text(percent),
                    straight.text(percent) + " (direct call)",
                    "+" + Samples.format(difference)));
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

    private static Row throughput(String function, Opening gateway, Opening direct) throws Exception {
        double through = 0;
        double straight = 0;
        for (int block = 0; block < 3; block++) {
            through += rate(gateway);
            straight += rate(direct);
        }
        return new Row(
                "java " + function + ", " + CONNECTIONS + " connections",
                String.format(Locale.ROOT, "%.0f /s", through / 3),
                String.format(Locale.ROOT, "%.0f /s (direct call)", straight / 3),
                Samples.ratio(through, straight));
    }

    private static double rate(Opening opening) throws Exception {
        long until = System.nanoTime() + SECONDS * 1_000_000_000;
        long events = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                counts.add(threads.submit(() -> count(opening, until)));
            }
            for (Future<Long> count : counts) {
                events += count.get();
            }
        }
        return (double) events / SECONDS;
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
