package dev.kappa.bench;

import io.nats.client.JetStream;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asynchronous events: how many are acknowledged beside a bare publish, and what a poison function does to another one. */
final class AsyncParts {
    private static final byte[] EVENT = "{\"name\":\"Ada\"}".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> ASYNC = Map.of("X-Amz-Invocation-Type", "Event");
    private static final String STREAM = "kappa-bench";
    private static final int CONNECTIONS = 32;
    private static final int BLOCKS = 4;
    private static final long SECONDS = 4;
    private static final int HEALTHY_EVENTS = 200;
    private static final int ROUNDS = 3;
    private static final long POISON_PAUSE_MS = 10;
    /** No instance starts meanwhile: on a machine of few cores that is what would be measured. */
    private static final String STAYING = "scaling: {min: 2, max: 2}";

    private static final long PAUSE_MS = 50;

    private final Kube kube;
    private final Calls calls;
    private final String nats;

    AsyncParts(Kube kube, Calls calls, String nats) {
        this.kube = kube;
        this.calls = calls;
        this.nats = nats;
    }

    List<Row> measure() throws Exception {
        python("slow", "concurrency: {reserved: 1}", "import time; time.sleep(2)");
        python("healthy", STAYING, "return 1");
        python("poison", STAYING + ", async: {maxRetryAttempts: 0}", "raise Exception('poison')");
        for (String function : List.of("slow", "healthy", "poison")) {
            kube.awaitReady(function);
        }
        return List.of(acknowledged(), poison());
    }

    /** The first block of each is not counted: the JVMs compile. */
    private Row acknowledged() throws Exception {
        double accepted = 0;
        double published = 0;
        io.nats.client.Connection connection = Nats.connect(Options.builder()
                .server(nats)
                .userInfo("gateway", kube.natsPassword("gateway"))
                .inboxPrefix("_INBOX.gateway.")
                .build());
        try {
            connection.jetStreamManagement().addStream(alike());
            for (int block = 0; block <= BLOCKS; block++) {
                double eventsNow = rate(this::accept);
                double messagesNow = rate(until -> publish(connection.jetStream(), until));
                accepted += block == 0 ? 0 : eventsNow;
                published += block == 0 ? 0 : messagesNow;
            }
        } finally {
            connection.jetStreamManagement().deleteStream(STREAM);
            connection.close();
        }
        return new Row(
                "events acknowledged, " + CONNECTIONS + " connections",
                String.format(Locale.ROOT, "%.0f /s", accepted / BLOCKS),
                String.format(Locale.ROOT, "%.0f /s (bare JetStream publish, synced)", published / BLOCKS),
                Samples.ratio(accepted, published));
    }

    /** As Kappa makes its partitions. */
    private static StreamConfiguration alike() {
        return StreamConfiguration.builder()
                .name(STREAM)
                .subjects(STREAM)
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .storageType(StorageType.File)
                .maxBytes(256L << 20)
                .build();
    }

    /** What one of the threads does until a moment. */
    private interface Work {
        long until(long nanos) throws Exception;
    }

    private static double rate(Work work) throws Exception {
        long until = System.nanoTime() + SECONDS * 1_000_000_000;
        long done = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Callable<Long>> each = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                each.add(() -> work.until(until));
            }
            for (Future<Long> count : threads.invokeAll(each)) {
                done += count.get();
            }
        }
        return (double) done / SECONDS;
    }

    private long accept(long until) throws IOException {
        long accepted = 0;
        try (Connection connection = new Connection(calls.gateway(), Calls.GATEWAY_PORT)) {
            byte[] request = event(connection, "slow");
            while (System.nanoTime() < until) {
                accept(connection, request);
                accepted++;
            }
        }
        return accepted;
    }

    private static long publish(JetStream stream, long until) throws Exception {
        long published = 0;
        while (System.nanoTime() < until) {
            stream.publish(
                    STREAM,
                    EVENT,
                    PublishOptions.builder()
                            .messageId(UUID.randomUUID().toString())
                            .build());
            published++;
        }
        return published;
    }

    /** In turns; the first one alone is not counted. */
    private Row poison() throws Exception {
        Samples alone = new Samples();
        Samples beside = new Samples();
        long poisoned = 0;
        measureAges(new Samples());
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                measureAges(alone);
                AtomicBoolean measured = new AtomicBoolean();
                Future<Long> sending = thread.submit(() -> poisonUntil(measured));
                try {
                    measureAges(beside);
                } finally {
                    measured.set(true);
                }
                poisoned += sending.get();
            }
        }
        return new Row(
                "from 202 to the end, p99, beside " + poisoned + " events of a poison function",
                beside.text(99),
                alone.text(99) + " (alone)",
                Samples.ratio(beside.percentile(99), alone.percentile(99)));
    }

    private long poisonUntil(AtomicBoolean end) throws IOException, InterruptedException {
        long sent = 0;
        try (Connection connection = new Connection(calls.gateway(), Calls.GATEWAY_PORT)) {
            byte[] request = event(connection, "poison");
            while (!end.get()) {
                accept(connection, request);
                sent++;
                Thread.sleep(POISON_PAUSE_MS);
            }
        }
        return sent;
    }

    private void measureAges(Samples into) throws Exception {
        List<String> ids = new ArrayList<>();
        try (Connection connection = new Connection(calls.gateway(), Calls.GATEWAY_PORT)) {
            byte[] request = event(connection, "healthy");
            for (int i = 0; i < HEALTHY_EVENTS; i++) {
                ids.add(accept(connection, request));
                Thread.sleep(PAUSE_MS);
            }
            for (String id : ids) {
                into.add(age(connection, id) * 1_000_000);
            }
        }
    }

    private long age(Connection connection, String id) throws IOException, InterruptedException {
        byte[] request = connection.request(
                "GET",
                "/kappa/v1/namespaces/" + calls.namespace() + "/functions/healthy/events/" + id,
                Identity.with(Map.of()),
                new byte[0]);
        for (int tries = 0; tries < 600; tries++) {
            String story = connection.send(request).body();
            if (story.contains("\"endedAtMs\"")) {
                return number(story, "endedAtMs") - number(story, "receivedAtMs");
            }
            Thread.sleep(100);
        }
        throw new IOException("event " + id + " did not end within a minute");
    }

    private static long number(String json, String field) {
        return Long.parseLong(json.replaceAll("(?s).*\"" + field + "\"\\s*:\\s*([0-9]+).*", "$1"));
    }

    private byte[] event(Connection connection, String function) {
        return connection.request(
                "POST",
                "/2015-03-31/functions/" + function + "." + calls.namespace() + "/invocations",
                Identity.with(ASYNC),
                EVENT);
    }

    private static String accept(Connection connection, byte[] request) throws IOException {
        Connection.Answer answer = connection.send(request);
        if (answer.status() != 202) {
            throw new IOException("status " + answer.status() + ": " + answer.body());
        }
        return answer.headers().getOrDefault("x-amzn-requestid", "");
    }

    private void python(String name, String settings, String body) {
        kube.apply(
                name,
                "{runtime: python3.13, handler: app.handler, " + settings
                        + ", code: {inline: {app.py: \"def handler(event, context): " + body + "\"}}}");
    }
}
