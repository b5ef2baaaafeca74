package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** An alias under load, of a function that runs many events at once in little memory: weights hold, no step makes an error. */
@Isolated("loads both cores")
class RolloutLoadIT {
    private static final int CALLERS = 16;
    private static final int EVENTS = 4000;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        publish(1, "return 1;");
        publish(2, "return 2;");
        publish(3, "throw new RangeError('green is bad');");
        Functions.alias("loaded", "version: 1");
        Functions.waitUntilReady("Alias", "loaded.live");
    }

    @Test
    void weightsHoldAndNoStepMakesAnError() throws Exception {
        try (Load load = Load.on("loaded:live", CALLERS)) {
            load.pass(500);

            Functions.alias("loaded", "version: 1, routing: {version: 2, weight: 20}");
            Functions.waitUntilReady("Alias", "loaded.live");
            load.pass(500);
            assertThat(share(load, "2", EVENTS)).as("percent at a weight of 20").isBetween(19.0, 21.0);

            Functions.alias("loaded", "version: 1");
            Functions.waitUntilReady("Alias", "loaded.live");
            Functions.alias("loaded", "version: 2, rollout: {strategy: Linear25PercentEvery2Seconds, bakeTime: 1s}");
            Functions.waitUntilReady("Alias", "loaded.live");
            load.pass(200);
            assertThat(load.errors()).isEmpty();

            int bad = load.executed("3");
            int before = load.answered();
            Functions.alias(
                    "loaded",
                    "version: 3, rollout: {strategy: Canary10Percent10Minutes,"
                            + " alarms: [{metric: errorRate, above: 5%, minimumEvents: 50}]}");
            Functions.waitFor(
                    "Alias", "loaded.live", it -> Functions.ready(it, "reason").equals("RolledBack"));
            load.pass(200);
            int all = load.answered() - before;
            assertThat(load.executed("3") - bad).isGreaterThanOrEqualTo(50).isLessThan(all * 12 / 100);
            assertThat(load.waited("3"))
                    .as("events that met green before its instances")
                    .isZero();
            assertThat(load.stop().keySet()).isNotEmpty().allMatch(it -> it.contains("green is bad"));
        }
    }

    private static double share(Load load, String version, int events) throws InterruptedException {
        int ran = load.executed(version);
        int answered = load.answered();
        load.pass(events);
        return 100.0 * (load.executed(version) - ran) / (load.answered() - answered);
    }

    private static void publish(int version, String body) {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: loaded, namespace: default}
                spec:
                  runtime: nodejs20
                  handler: index.handler
                  memory: 128Mi
                  publish: OnChange
                  concurrency: {perInstance: 10}
                  scaling: {max: 4}
                  code: {inline: {index.mjs: "export const handler = async () => { BODY };"}}
                """.replace("BODY", body));
        Functions.waitUntilReady("Version", "loaded." + version);
    }
}
