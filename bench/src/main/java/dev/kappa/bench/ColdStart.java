package dev.kappa.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** From nothing to the answer, beside a bare Deployment of the same image until its process listens. */
final class ColdStart {
    private static final Pattern PART = Pattern.compile("([a-z]+)=([0-9.]+)");

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
        Map<String, Double> anatomy = new LinkedHashMap<>();
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
        String parts = anatomy.entrySet().stream()
                .map(it -> it.getKey() + " " + Math.round(it.getValue() / rounds))
                .collect(Collectors.joining(", "));
        return List.of(
                row(function + " cold, p50", kappa, bare, 50),
                row(function + " cold, p95", kappa, bare, 95),
                new Row(function + " anatomy, mean ms", parts, "", ""));
    }

    private static Row row(String what, Samples kappa, Samples bare, int percent) {
        return new Row(
                what,
                kappa.text(percent),
                bare.text(percent) + " (bare Deployment listens)",
                Samples.ratio(kappa.percentile(percent), bare.percentile(percent)));
    }

    private long invoke(String function, Map<String, Double> anatomy) throws IOException {
        long start = System.nanoTime();
        try (Calls.Caller caller = calls.throughGateway(function)) {
            Connection.Answer answer = caller.call();
            long took = System.nanoTime() - start;
            Matcher part = PART.matcher(answer.headers().getOrDefault("x-kappa-cold-start", ""));
            while (part.find()) {
                anatomy.merge(part.group(1), Double.parseDouble(part.group(2)), Double::sum);
            }
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
