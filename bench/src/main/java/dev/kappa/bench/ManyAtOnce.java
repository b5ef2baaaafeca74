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
    private static final int ROUNDS = 3;

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
            kube.createBare(function, "bare-" + function, "http://127.0.0.1:9");
        }
        List<Double> last = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        int errors = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Samples kappa = new Samples();
            awaitNone(functions);
            errors += invokeAll(functions, kappa);
            last.add(kappa.percentile(100));
            awaitNone(functions);
            bare.add(startAll(functions));
        }
        awaitNone(functions); // what is measured next begins on a quiet node
        double kappaMedian = median(last);
        double bareMedian = median(bare);
        return List.of(new Row(
                FUNCTIONS + " functions from zero at once, last answer, median of " + ROUNDS,
                Samples.format(kappaMedian) + ", " + errors + " errors",
                Samples.format(bareMedian) + " (all bare Deployments Ready)",
                Samples.ratio(kappaMedian, bareMedian)));
    }

    private void awaitNone(List<String> functions) throws InterruptedException {
        for (String function : functions) {
            kube.awaitNoPod(function);
            while (!kube.barePods("bare-" + function).isEmpty()) {
                Thread.sleep(200);
            }
        }
        Thread.sleep(2000);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
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
        try (ReadyWatch watch = kube.watchBare(functions.size())) {
            long start = System.nanoTime();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                functions.forEach(function -> threads.execute(() -> kube.scaleBare("bare-" + function, 1)));
            }
            watch.await();
            return (System.nanoTime() - start) / 1e6;
        } finally {
            functions.forEach(function -> kube.scaleBare("bare-" + function, 0));
        }
    }
}
