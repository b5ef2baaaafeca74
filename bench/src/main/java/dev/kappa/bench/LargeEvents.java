package dev.kappa.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The largest events at the smallest memory: each is answered or refused in words, and no instance is lost. */
final class LargeEvents {
    private static final int BYTES = 6 * 1024 * 1024 - 1024;
    private static final int CONNECTIONS = 4;
    private static final int EVENTS = 10;
    private static final int MESSAGE = 120;
    private static final String SPEC = "concurrency: {perInstance: " + CONNECTIONS
            + "}, timeoutSeconds: 60, scaling: {min: 1, max: 1}, code: {inline: ";

    private final Kube kube;
    private final Calls calls;

    LargeEvents(Kube kube, Calls calls) {
        this.kube = kube;
        this.calls = calls;
    }

    List<Row> measure() throws Exception {
        kube.apply(
                "large-python",
                "{runtime: python3.13, handler: app.handler, " + SPEC
                        + "{app.py: \"def handler(event, context): return event\"}}}");
        kube.apply(
                "large-node",
                "{runtime: nodejs20, handler: index.handler, " + SPEC
                        + "{index.mjs: \"export const handler = async (event) => event;\"}}}");
        List<Row> rows = new ArrayList<>();
        for (String function : List.of("large-python", "large-node")) {
            kube.awaitReady(function);
            rows.add(measure(function));
        }
        return rows;
    }

    private Row measure(String function) throws Exception {
        int before = kube.restarts(function);
        Map<String, Integer> ends = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Callable<List<String>> caller = () -> call(function);
                all.add(threads.submit(caller));
            }
            for (Future<List<String>> one : all) {
                one.get().forEach(end -> ends.merge(end, 1, Integer::sum));
            }
        }
        return new Row(
                function + ", " + CONNECTIONS + " x " + EVENTS + " events of 6 MiB, 128 MiB of memory",
                ends.toString(),
                "",
                kube.restarts(function) - before + " containers lost");
    }

    /** What is alike in all messages of a kind. */
    private static String kind(String message) {
        String alike = message.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "…").replaceAll("fn-[a-z0-9-]+", "an instance");
        return alike.length() > MESSAGE ? alike.substring(0, MESSAGE) + "…" : alike;
    }

    private List<String> call(String function) throws IOException {
        List<String> ends = new ArrayList<>();
        byte[] event = Calls.event(BYTES);
        for (int i = 0; i < EVENTS; i++) {
            try (Calls.Caller caller = calls.throughGateway(function, event)) {
                caller.call();
                ends.add("answered");
            } catch (IOException e) {
                ends.add(kind(String.valueOf(e.getMessage())));
            }
        }
        return ends;
    }
}
