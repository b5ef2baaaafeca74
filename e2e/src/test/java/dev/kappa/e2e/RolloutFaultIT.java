package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** A rollout whose driver is killed. */
@Isolated("kills the operator")
class RolloutFaultIT {
    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
    }

    @Test
    void theLeaderMayDieAtEveryStep() throws Exception {
        RolloutIT.publish("orphan", 1, "return 1");
        RolloutIT.publish("orphan", 2, "return 2");
        Functions.python("nods", "timeoutSeconds: 5", "def handler(event, context):\n    return 1");
        Functions.waitUntilReady("Function", "nods");
        Functions.alias("orphan", "version: 1");
        Functions.waitUntilReady("Alias", "orphan.live");
        List<String> story = new ArrayList<>();
        try (Load load = Load.on("orphan:live", 1)) {
            load.pass(10);
            Functions.alias(
                    "orphan",
                    "version: 2, rollout: {strategy: Linear50PercentEvery2Seconds, bakeTime: 2s,"
                            + " hooks: {preTraffic: nods, postTraffic: nods}}");
            long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
            while (!RolloutIT.step(RolloutIT.get("orphan")).startsWith("Succeeded")) {
                String step = RolloutIT.step(RolloutIT.get("orphan"));
                if (!step.isEmpty() && !story.contains(step) && Operators.killLeader()) {
                    story.add(step);
                }
                assertThat(System.nanoTime()).as("ends; so far %s", story).isLessThan(until);
                Thread.sleep(20);
            }
            load.pass(10);
            assertThat(load.stop()).isEmpty();
        }
        Functions.waitUntilReady("Alias", "orphan.live");
        List<Map<String, Object>> history = RolloutIT.get("orphan").get("status", "history");
        assertThat(history).hasSize(1);
        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(Functions.invoke(lambda, "orphan:live", "{}").executedVersion())
                    .isEqualTo("2");
        }
        assertThat(story).as("killed at").contains("Shifting 50", "PostTraffic 100", "Baking 100");
    }
}
