package dev.kappa.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What callers notice while an alias moves: a standing weight, canary, linear, blue/green, and the way back from a version
 * whose handler fails. Stretches of steady state stand between them, since machines are noisy.
 */
final class RolloutPhases {
    private static final String FUNCTION = "moving";
    private static final int CONNECTIONS = 8;
    private static final int PER_SECOND = 500;
    private static final int WEIGHT = 10;
    private static final int BAD = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String SPEC = "{runtime: nodejs20, handler: index.handler, publish: OnChange, memory: 256Mi,"
            + " concurrency: {perInstance: " + CONNECTIONS + "}, scaling: {max: 4, idleTimeout: 5m},"
            + " code: {inline: {index.mjs: \"export const handler = async () => { BODY };\"}}}";
    private static final String ALARM = "alarms: [{metric: errorRate, above: 5%, minimumEvents: 50}]";

    private record Phase(String what, Tally tally) {}

    private final Kube kube;
    private final String gateway;
    private final String namespace;
    private final int events;
    private final List<Phase> phases = new ArrayList<>();
    private final Samples steady = new Samples();

    /**
     * @param events of the standing weight; the other stretches follow from it
     */
    RolloutPhases(Kube kube, Calls calls, int events) {
        this.kube = kube;
        this.gateway = calls.gateway();
        this.namespace = calls.namespace();
        this.events = events;
    }

    List<Row> measure() throws Exception {
        for (int version = 1; version <= BAD; version++) {
            kube.apply(
                    FUNCTION,
                    SPEC.replace("BODY", version == BAD ? "throw new RangeError('bad');" : "return " + version + ";"));
            kube.awaitReady("Version", FUNCTION + "." + version);
        }
        move("version: 1");
        String path = "/2015-03-31/functions/" + FUNCTION + "." + namespace + ":live/invocations";
        List<Row> rows = new ArrayList<>();
        try (PacedLoad load = new PacedLoad(
                gateway, Calls.GATEWAY_PORT, path, () -> Identity.with(Map.of()), CONNECTIONS, PER_SECOND)) {
            load.await(load.next(), events, LIMIT);
            rest(load);
            rows.add(standing(load));
            move(load, "canary", 2, "strategy: Canary, percent: 10, interval: 5s, bakeTime: 2s, " + ALARM);
            move(load, "linear", 3, "strategy: Linear, percent: 20, interval: 2s, bakeTime: 2s, " + ALARM);
            move(load, "blue/green", 4, "strategy: BlueGreen, bakeTime: 5s, " + ALARM);
            rows.addAll(rollback(load));
        }
        rows.addAll(latencies());
        return rows;
    }

    /** Each stretch of it is a fifth of the whole. */
    private void rest(PacedLoad load) throws InterruptedException {
        Tally tally = load.next();
        load.await(tally, events / 5, LIMIT);
        load.next();
        tally.latencies().addTo(steady);
        phases.add(new Phase("steady", tally));
    }

    private Row standing(PacedLoad load) throws Exception {
        move("version: 1, routing: {version: 2, weight: " + WEIGHT + "}");
        load.await(load.next(), events / 5, LIMIT);
        Tally tally = load.next();
        load.await(tally, events, LIMIT);
        load.next();
        phases.add(new Phase("weight " + WEIGHT + " %", tally));
        double share = tally.share("2");
        move("version: 1");
        rest(load);
        return new Row(
                "share at a standing weight, " + tally.text(),
                percent(share),
                percent(WEIGHT) + " (weight)",
                String.format(Locale.ROOT, "%+.2f points", share - WEIGHT));
    }

    private void move(PacedLoad load, String what, int version, String rollout) throws Exception {
        Tally tally = load.next();
        move("version: " + version + ", rollout: {" + rollout + "}");
        load.next();
        phases.add(new Phase(what, tally));
        rest(load);
    }

    private List<Row> rollback(PacedLoad load) throws Exception {
        Tally tally = load.next();
        kube.apply(
                "Alias",
                FUNCTION + ".live",
                spec("version: " + BAD + ", rollout: {strategy: Canary, percent: " + WEIGHT + ", interval: 10m, "
                        + ALARM + "}"));
        kube.await("Alias", FUNCTION + ".live", ready -> "RolledBack".equals(ready.get("reason")));
        load.await(tally, tally.events() + events / 10, LIMIT);
        load.next();
        phases.add(new Phase("rollback", tally));
        Tally exposed = tally.whileExposed(Integer.toString(BAD));
        double share = exposed.share(Integer.toString(BAD));
        return List.of(
                new Row(
                        "share of a bad version until it is rolled back, " + tally.text() + ", " + tally.failures()
                                + " of its handler",
                        percent(share),
                        percent(WEIGHT) + " (weight)",
                        String.format(Locale.ROOT, "%+.2f points", share - WEIGHT)),
                besideSteady("rollback, while the bad version gets events, " + exposed.events() + " events", exposed));
    }

    private Row besideSteady(String what, Tally tally) {
        Samples its = tally.latencies();
        return new Row(
                what + ", p50 and p95",
                its.text(50) + ", " + its.text(95),
                steady.text(50) + ", " + steady.text(95) + " (steady state)",
                Samples.ratio(its.percentile(50), steady.percentile(50)) + ", "
                        + Samples.ratio(its.percentile(95), steady.percentile(95)));
    }

    private List<Row> latencies() {
        List<Row> rows = new ArrayList<>();
        for (Phase phase : phases) {
            if (!phase.what().equals("steady")) {
                rows.add(besideSteady(phase.what() + ", " + phase.tally().text(), phase.tally()));
            }
        }
        int broken = phases.stream().mapToInt(it -> it.tally().errors().size()).sum();
        int all = phases.stream().mapToInt(it -> it.tally().events()).sum();
        rows.add(new Row("rollouts, all phases", all + " events", broken + " errors", ""));
        return rows;
    }

    private void move(String spec) {
        kube.apply("Alias", FUNCTION + ".live", spec(spec));
        kube.await("Alias", FUNCTION + ".live", ready -> "True".equals(ready.get("status")));
    }

    private static String spec(String spec) {
        return "{function: " + FUNCTION + ", " + spec + "}";
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f %%", value);
    }
}
