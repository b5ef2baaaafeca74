package dev.kappa.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Distinct functions from zero at once, beside as many bare Deployments until all are Ready. */
final class ManyAtOnce {
    private static final int FUNCTIONS = 20;
    private final Kube kube;
    private final Calls calls;

    ManyAtOnce(Kube kube, Calls calls) {
        this.kube = kube;
        this.calls = calls;
    }

    List<Row> measure(String spec) throws InterruptedException, ExecutionException {
        List<String> functions = new ArrayList<>();
        for (int i = 0; i < FUNCTIONS; i++) {
            functions.add("many-" + i);
            kube.apply(functions.get(i), spec);
        }
        for (String function : functions) {
            kube.awaitReady(function);
            kube.createBare(function, "bare-" + function);
        }
        for (String function : functions) {
            kube.awaitNoPod(function);
        }
        Thread.sleep(2000);
        Samples kappa = new Samples();
        int errors = invokeAll(functions, kappa);
        for (String function : functions) {
            kube.awaitNoPod(function);
        }
        Thread.sleep(2000);
        double bare = startAll(functions);
        return List.of(
                new Row(
                        FUNCTIONS + " functions from zero at once, last answer",
                        kappa.text(100) + ", " + errors + " errors",
                        Samples.format(bare) + " (all bare Deployments Ready)",
                        Samples.ratio(kappa.percentile(100), bare)),
                new Row(FUNCTIONS + " functions from zero at once, p50", kappa.text(50), "", ""));
    }

    private int invokeAll(List<String> functions, Samples into) throws InterruptedException, ExecutionException {
        int errors = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            List<Future<Long>> ends = new ArrayList<>();
            for (String function : functions) {
                ends.add(threads.submit(() -> {
                    try (Calls.Caller caller = calls.throughGateway(function)) {
                        caller.call();
                        return System.nanoTime() - start;
                    } catch (IOException e) {
                        return -1L;
                    }
                }));
            }
            for (Future<Long> end : ends) {
                if (end.get() < 0) {
                    errors++;
                } else {
                    into.add(end.get());
                }
            }
        }
        return errors;
    }

    private double startAll(List<String> functions) throws InterruptedException {
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            functions.forEach(function -> threads.execute(() -> kube.scaleBare("bare-" + function, 1)));
        }
        while (kube.readyBare() < functions.size()) {
            Thread.sleep(50);
        }
        double took = (System.nanoTime() - start) / 1e6;
        functions.forEach(function -> kube.scaleBare("bare-" + function, 0));
        return took;
    }
}
