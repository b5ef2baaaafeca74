package dev.kappa.bench.scale;

import dev.kappa.bench.Connection;
import dev.kappa.bench.Identity;
import dev.kappa.bench.Samples;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends the first event to functions at zero: one after the other, or so many a second. */
final class ColdStarts {
    private static final int GATEWAY_PORT = 8080;
    private static final byte[] EVENT = "{\"name\":\"Ada\"}".getBytes(StandardCharsets.UTF_8);
    private static final Pattern DECIDED = Pattern.compile("decided=([0-9]+)");

    /** From each event to the operator's decision, to the scale that a watch shows, and to its answer. */
    static final class Result {
        final Samples decided = new Samples();
        final Samples scaled = new Samples();
        final Samples answered = new Samples();
        final AtomicInteger failed = new AtomicInteger();

        private synchronized void add(Connection.Answer answer, long tookNs) {
            answered.add(tookNs);
            Matcher part = DECIDED.matcher(answer.headers().getOrDefault("x-kappa-cold-start", ""));
            if (part.find()) {
                decided.add(Long.parseLong(part.group(1)) * 1_000_000);
            }
        }

        private synchronized void addScaled(long nanos) {
            scaled.add(Math.max(0, nanos));
        }
    }

    private final KubernetesClient client;
    private final String gateway;
    private final String namespace;

    ColdStarts(KubernetesClient client, String gateway, String namespace) {
        this.client = client;
        this.gateway = gateway;
        this.namespace = namespace;
    }

    Result oneByOne(List<String> functions) {
        Result result = new Result();
        try (ScaleWatch scales = new ScaleWatch(client, namespace)) {
            functions.forEach(function -> start(function, scales, result));
        }
        return result;
    }

    Result paced(List<String> functions, double aSecond) throws InterruptedException {
        Result result = new Result();
        long begin = System.nanoTime();
        try (ScaleWatch scales = new ScaleWatch(client, namespace);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < functions.size(); i++) {
                String function = functions.get(i);
                long due = begin + (long) (i / aSecond * 1e9);
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                threads.execute(() -> start(function, scales, result));
            }
            threads.shutdown();
            threads.awaitTermination(5, java.util.concurrent.TimeUnit.MINUTES);
        }
        return result;
    }

    private void start(String function, ScaleWatch scales, Result result) {
        long begin = System.nanoTime();
        try (Connection connection = new Connection(gateway, GATEWAY_PORT)) {
            Connection.Answer answer = connection.send(request(connection, function, Map.of(), EVENT));
            if (answer.status() != 200) {
                throw new IOException("status " + answer.status() + ": " + answer.body());
            }
            result.add(answer, System.nanoTime() - begin);
            scales.of(function).ifPresent(at -> result.addScaled(at - begin));
        } catch (IOException e) {
            result.failed.incrementAndGet();
            System.err.println("the event of " + function + " failed: " + e.getMessage());
        }
    }

    /** An asynchronous event; its payload is the function's name. */
    void accept(Connection connection, String function) throws IOException {
        Connection.Answer answer = connection.send(request(
                connection,
                function,
                Map.of("X-Amz-Invocation-Type", "Event"),
                ("\"" + function + "\"").getBytes(StandardCharsets.UTF_8)));
        if (answer.status() != 202) {
            throw new IOException("the asynchronous event of " + function + " is answered with " + answer.status()
                    + ": " + answer.body());
        }
    }

    Connection connect() throws IOException {
        return new Connection(gateway, GATEWAY_PORT);
    }

    private byte[] request(Connection connection, String function, Map<String, String> headers, byte[] event) {
        return connection.request(
                "POST",
                "/2015-03-31/functions/" + function + "." + namespace + "/invocations",
                Identity.with(headers),
                event);
    }
}
