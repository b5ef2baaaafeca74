package dev.kappa.bench.scale;

import dev.kappa.bench.Connection;
import dev.kappa.bench.Samples;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Measures one function, 100, 1,000 … in turn, and prints how each figure grows; runs in a pod that sees the node's processes. */
public final class Main {
    private static final String NAMESPACE = "kappa-bench";
    private static final String SPEC = "{runtime: nodejs20, handler: index.handler, scaling: {idleTimeout: 1s},"
            + " code: {inline: {index.mjs: \"export const handler = async (e) => ({hello: e.name});\"}}}";
    private static final int ONE_BY_ONE = 20;
    private static final double COLD_STARTS_A_SECOND = 1000 / 60.0;
    private static final int CREATING = 16;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(25);
    private static final long SETTLE_MS = 8_000;

    private final KubernetesClient client;
    private final FakeShim shim;
    private final FakeKubelet kubelet;
    private final ColdStarts cold;
    private final int active;
    private final Table table = new Table();
    private final Map<String, Long> liveBefore = new HashMap<>();
    private int created;

    private Main(KubernetesClient client, String gateway, String address, int active) {
        this.client = client;
        this.active = active;
        shim = new FakeShim(address);
        kubelet = new FakeKubelet(client, shim, address);
        cold = new ColdStarts(client, gateway, NAMESPACE);
    }

    /**
     * Measures.
     *
     * @param args the gateway's host, the most functions, and how many of them start cold and have asynchronous events
     * @throws Exception if something does not work at all
     */
    public static void main(String[] args) throws Exception {
        int functions = Integer.parseInt(args[1]);
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            Main main = new Main(client, args[0], System.getenv("POD_IP"), Integer.parseInt(args[2]));
            main.shim.start();
            main.kubelet.start();
            new FakeNodes(client).start();
            try {
                for (int size : sizes(functions)) {
                    main.measure(size);
                }
            } finally {
                System.out.println(main.table);
            }
        }
        System.exit(0);
    }

    /** One, and each power of ten from 100 on, up to the number that is asked for. */
    static List<Integer> sizes(int functions) {
        List<Integer> sizes = new ArrayList<>(List.of(1));
        for (int size = 100; size < functions; size *= 10) {
            sizes.add(size);
        }
        if (functions > 1) {
            sizes.add(functions);
        }
        return sizes;
    }

    private void measure(int size) throws Exception {
        create(size);
        memory(size);
        idle(size);
        oneByOne(size);
        if (size > 1) {
            paced(size);
            asynchronous(size);
        }
        table.put("pretended pods that failed", size, Integer.toString(kubelet.failures()));
    }

    private void create(int size) throws Exception {
        int before = created;
        ApiRequests requests = ApiRequests.now(client);
        Map<String, Processes.Known> processes = Processes.list();
        long begin = System.nanoTime();
        apply(size);
        await(size + " functions to be proven", () -> {
            progress(shim.greeted() + " of " + size + " proven");
            return shim.greeted() >= size;
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        settle();
        table.put("created and proven, a second", size, number((size - before) / seconds));
        table.put(
                "API requests for one created",
                size,
                ApiRequests.now(client).since(requests).each(size - before));
        table.put("CPU ms for one created", size, cpu(processes, 1000.0 / (size - before)));
    }

    private void apply(int size) throws InterruptedException {
        Semaphore room = new Semaphore(CREATING);
        AtomicReference<RuntimeException> failed = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (; created < size; created++) {
                String name = name(created);
                room.acquire();
                threads.execute(() -> {
                    try {
                        client.resource(function(name)).inNamespace(NAMESPACE).create();
                    } catch (RuntimeException e) {
                        failed.set(e);
                    } finally {
                        room.release();
                    }
                });
            }
        }
        if (failed.get() != null) {
            throw failed.get();
        }
    }

    private static GenericKubernetesResource function(String name) {
        return Serialization.unmarshal(
                "apiVersion: kappa.dev/v1alpha1\nkind: Function\nmetadata: {name: " + name + "}\nspec: " + SPEC,
                GenericKubernetesResource.class);
    }

    private static String name(int number) {
        return String.format(Locale.ROOT, "f%05d", number);
    }

    private void memory(int size) throws IOException, InterruptedException {
        for (Map.Entry<String, Processes.Known> entry : Processes.list().entrySet()) {
            String name = entry.getKey();
            table.put(
                    "MiB resident: " + name,
                    size,
                    Long.toString(entry.getValue().residentKib() / 1024));
            if (entry.getValue().java()) {
                OptionalLong live = Processes.live(entry.getValue());
                if (live.isPresent()) {
                    live(name, size, live.getAsLong());
                }
            }
        }
    }

    private void live(String name, int size, long live) {
        table.put("MiB of live objects: " + name, size, number(live / 1048576.0));
        Long before = liveBefore.get(name);
        int sizeBefore = liveBefore.getOrDefault("", 0L).intValue();
        if (before != null) {
            table.put("bytes of them a function: " + name, size, Long.toString((live - before) / (size - sizeBefore)));
        }
        liveBefore.put(name, live);
    }

    private void idle(int size) throws Exception {
        liveBefore.put("", (long) size);
        settle();
        ApiRequests requests = ApiRequests.now(client);
        Map<String, Processes.Known> processes = Processes.list();
        Thread.sleep(IDLE.toMillis());
        double minutes = IDLE.toMillis() / 60_000.0;
        table.put("CPU seconds a minute at idle", size, cpu(processes, 1 / minutes));
        table.put(
                "API requests a minute at idle",
                size,
                number(ApiRequests.now(client).since(requests).total() / minutes));
    }

    private static String cpu(Map<String, Processes.Known> before, double factor) throws IOException {
        List<String> all = new ArrayList<>();
        Processes.list().forEach((name, now) -> {
            Processes.Known then = before.get(name);
            if (then == null || then.pid() != now.pid()) {
                all.add(name + " is another process");
            } else {
                all.add(name.replaceAll("-[a-z0-9]+-([a-z0-9]{5})$", "-$1") + " "
                        + number((now.cpuSeconds() - then.cpuSeconds()) * factor));
            }
        });
        return String.join(", ", all);
    }

    private void oneByOne(int size) throws Exception {
        List<String> functions = IntStream.range(0, ONE_BY_ONE)
                .mapToObj(i -> name(size == 1 ? 0 : spread(i, ONE_BY_ONE, size)))
                .toList();
        Samples answered = new Samples();
        Samples decided = new Samples();
        Samples scaled = new Samples();
        for (String function : functions) {
            ColdStarts.Result result = cold.oneByOne(List.of(function));
            result.answered.addTo(answered);
            result.decided.addTo(decided);
            result.scaled.addTo(scaled);
            awaitZero();
        }
        figures("one cold start at a time", size, decided, scaled, answered);
    }

    private void paced(int size) throws Exception {
        int count = Math.min(active, size);
        ApiRequests requests = ApiRequests.now(client);
        Map<String, Processes.Known> processes = Processes.list();
        ColdStarts.Result result = cold.paced(
                IntStream.range(0, count)
                        .mapToObj(i -> name(spread(i, count, size)))
                        .toList(),
                COLD_STARTS_A_SECOND);
        settle();
        figures(count + " cold starts, 17 a second", size, result.decided, result.scaled, result.answered);
        table.put(count + " cold starts: failed", size, Integer.toString(result.failed.get()));
        table.put(
                "API requests for a cold start and its end",
                size,
                ApiRequests.now(client).since(requests).each(count));
        table.put("CPU ms for a cold start and its end", size, cpu(processes, 1000.0 / count));
    }

    private void figures(String what, int size, Samples decided, Samples scaled, Samples answered) {
        table.put(
                what + ": ms to decision, scale, answer (p50)",
                size,
                decided.text(50) + ", " + scaled.text(50) + ", " + answered.text(50));
        table.put(
                what + ": the same (p95)", size, decided.text(95) + ", " + scaled.text(95) + ", " + answered.text(95));
    }

    private void asynchronous(int size) throws Exception {
        int count = Math.min(active, size);
        shim.forget();
        long begin = System.nanoTime();
        try (Connection connection = cold.connect()) {
            for (int i = 0; i < count; i++) {
                cold.accept(connection, name(spread(i, count, size)));
            }
        }
        double accepted = (System.nanoTime() - begin) / 1e9;
        await("asynchronous events to run", () -> shim.payloads() >= count);
        table.put(
                count + " functions with an asynchronous event: s until accepted, until run",
                size,
                number(accepted) + ", " + number((System.nanoTime() - begin) / 1e9));
        settle();
    }

    /** Some of all functions, evenly; not always the ones that were created first. */
    private static int spread(int i, int count, int size) {
        return (int) ((long) i * size / count);
    }

    private void settle() throws Exception {
        awaitZero();
        Thread.sleep(SETTLE_MS);
    }

    private void awaitZero() throws Exception {
        await("pods to go", () -> kubelet.running() == 0);
    }

    private void await(String what, BooleanSupplier done) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited " + LIMIT.toMinutes() + " minutes for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private long toldAt;

    private void progress(String what) {
        long now = System.nanoTime();
        if (now - toldAt > 20_000_000_000L) {
            toldAt = now;
            System.err.println("    " + what);
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }
}
