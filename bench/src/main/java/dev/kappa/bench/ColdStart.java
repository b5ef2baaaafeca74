package dev.kappa.bench;

import java.io.IOException;
import java.util.List;

/** From nothing to the answer, beside a bare Deployment of the same image until its process listens. */
final class ColdStart {
    private final Kube kube;
    private final Calls calls;
    private final Doorbell doorbell;
    private final int rounds;

    ColdStart(Kube kube, Calls calls, Doorbell doorbell, int rounds) {
        this.doorbell = doorbell;
        this.kube = kube;
        this.calls = calls;
        this.rounds = rounds;
    }

    List<Row> measure(String function) throws IOException, InterruptedException {
        Samples kappa = new Samples();
        Samples bare = new Samples();
        Anatomy anatomy = new Anatomy();
        String name = "bare-" + function;
        kube.createBare(function, name, doorbell.url());
        for (int round = 0; round < rounds; round++) {
            kube.awaitNoPod(function);
            Thread.sleep(500);
            kappa.add(invoke(function, anatomy));
            kube.awaitNoPod(function);
            Thread.sleep(500);
            bare.add(startBare(name));
        }
        return List.of(
                row(function + " cold, p50", kappa, bare, 50),
                row(function + " cold, p95", kappa, bare, 95),
                new Row(function + " anatomy, mean ms", anatomy.means(), "", ""));
    }

    private static Row row(String what, Samples kappa, Samples bare, int percent) {
        return new Row(
                what,
                kappa.text(percent),
                bare.text(percent) + " (bare Deployment listens)",
                Samples.ratio(kappa.percentile(percent), bare.percentile(percent)));
    }

    private long invoke(String function, Anatomy anatomy) throws IOException {
        long start = System.nanoTime();
        try (Calls.Caller caller = calls.throughGateway(function)) {
            Connection.Answer answer = caller.call();
            long took = System.nanoTime() - start;
            String parts = answer.headers().get("x-kappa-cold-start");
            if (parts == null) {
                throw new IOException("the event of " + function + " met a warm instance: no X-Kappa-Cold-Start");
            }
            anatomy.add(parts);
            return took;
        }
    }

    private long startBare(String name) throws InterruptedException {
        doorbell.clear();
        long start = System.nanoTime();
        kube.scaleBare(name, 1);
        long took = doorbell.await() - start;
        kube.scaleBare(name, 0);
        while (!kube.barePods(name).isEmpty()) {
            Thread.sleep(200);
        }
        return took;
    }
}
