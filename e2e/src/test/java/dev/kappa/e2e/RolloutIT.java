package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Aliases move by rollouts: step by step, watched, and back when green is bad. */
class RolloutIT {
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    @Test
    void everyStrategyMovesAllEventsWithoutAnError() throws Exception {
        for (int version = 1; version <= 5; version++) {
            publish("moves", version, "return " + version);
        }
        Functions.alias("moves", "version: 1");
        Functions.waitUntilReady("Alias", "moves.live");
        try (Load load = Load.on("moves:live", 3)) {
            load.pass(50);
            assertThat(move("moves", 2, "strategy: AllAtOnce")).containsExactly("Preparing 0", "Baking 100");
            assertThat(move("moves", 3, "strategy: BlueGreen, bakeTime: 2s"))
                    .containsExactly("Preparing 0", "Baking 100");
            assertThat(move("moves", 4, "strategy: Canary, percent: 20, interval: 2s, bakeTime: 1s"))
                    .containsExactly("Preparing 0", "Shifting 20", "Baking 100");
            assertThat(move("moves", 5, "strategy: Linear30PercentEvery1Second, bakeTime: 1s"))
                    .containsExactly("Preparing 0", "Shifting 30", "Shifting 60", "Shifting 90", "Baking 100");
            load.pass(50);
            assertThat(load.stop()).isEmpty();
        }
        assertThat(executed("moves:live")).isEqualTo("5");
        List<Map<String, Object>> history = get("moves").get("status", "history");
        assertThat(history)
                .hasSize(4)
                .allSatisfy(it -> assertThat(it.get("result")).isEqualTo("Succeeded"));
    }

    @Test
    void aGreenThatFailsIsRolledBackWhileItHasItsWeightOnly() throws Exception {
        publish("worsens", 1, "return 1");
        publish("worsens", 2, "raise Exception('green is bad')");
        Functions.alias("worsens", "version: 1");
        Functions.waitUntilReady("Alias", "worsens.live");
        try (Load load = Load.on("worsens:live", 3)) {
            load.pass(100);
            int before = load.answered();
            Functions.alias(
                    "worsens",
                    "version: 2, rollout: {strategy: Canary10Percent10Minutes,"
                            + " alarms: [{metric: errorRate, above: 5%, window: 1m, minimumEvents: 20}]}");
            GenericKubernetesResource alias = Functions.waitFor(
                    "Alias", "worsens.live", it -> Functions.ready(it, "reason").equals("RolledBack"));
            assertThat(Functions.ready(alias, "message"))
                    .contains("Events go to version 1, not to 2.", "errorRate is 100.0 %", "above 5.000 %");
            int during = load.answered() - before;
            load.pass(50);
            int failed =
                    load.stop().values().stream().mapToInt(Integer::intValue).sum();
            assertThat(failed).isGreaterThanOrEqualTo(20).isLessThanOrEqualTo(2 + during * 12 / 100);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(executed("worsens:live")).isEqualTo("1");
        }
        Functions.alias("worsens", "version: 1, rollout: {strategy: Canary10Percent10Minutes}");
        Functions.waitUntilReady("Alias", "worsens.live");
    }

    @Test
    void hooksJudgeGreenBeforeAndAfterItsEvents() {
        publish("judged", 1, "return 1");
        publish("judged", 2, "return 2");
        Functions.python("refuses", "timeoutSeconds: 5", """
                def handler(event, context):
                    return {'status': 'Failed', 'message': '%s: not today' % event['hook']}
                """);
        Functions.python("agrees", "timeoutSeconds: 5", """
                def handler(event, context):
                    return {'status': 'Succeeded'}
                """);
        Functions.waitUntilReady("Function", "refuses");
        Functions.waitUntilReady("Function", "agrees");
        Functions.alias("judged", "version: 1");
        Functions.waitUntilReady("Alias", "judged.live");

        assertThat(rolledBack("judged", "strategy: BlueGreen, hooks: {preTraffic: refuses}"))
                .contains("Hook preTraffic: function refuses says Failed: preTraffic: not today");
        assertThat(rolledBack("judged", "strategy: BlueGreen, hooks: {preTraffic: agrees, postTraffic: refuses}"))
                .contains("Hook postTraffic: function refuses says Failed: postTraffic: not today");
        assertThat(rolledBack("judged", "strategy: BlueGreen, hooks: {preTraffic: nowhere}"))
                .contains("function nowhere answered status 404");
        assertThat(executed("judged:live")).isEqualTo("1");

        assertThat(move(
                        "judged",
                        2,
                        "strategy: BlueGreen, bakeTime: 1s, hooks: {preTraffic: agrees, postTraffic: agrees}"))
                .containsExactly("Preparing 0", "PreTraffic 0", "PostTraffic 100", "Baking 100");
    }

    @Test
    void wayBackTakesEffectWithinASecond() {
        publish("back", 1, "return 1");
        publish("back", 2, "return 2");
        Functions.alias("back", "version: 1");
        Functions.waitUntilReady("Alias", "back.live");
        String half = ", rollout: {strategy: Canary, percent: 99, interval: 10m, bakeTime: 0s}";

        Functions.alias("back", "version: 2" + half);
        waitForWeight("back", 99);
        Functions.alias("back", "version: 1" + half);
        assertGoesWithinASecondTo("back", "1");
        Functions.waitUntilReady("Alias", "back.live");

        Functions.alias("back", "version: 2" + half);
        waitForWeight("back", 99);
        Functions.alias("back", "version: 2" + half.replace("}", ", abort: true}"));
        assertGoesWithinASecondTo("back", "1");
        Functions.waitFor(
                "Alias", "back.live", it -> Functions.ready(it, "message").contains("spec.rollout.abort is true"));

        assertThat(move("back", 2, "strategy: AllAtOnce")).isNotEmpty();
        Functions.alias("back", "version: 1" + half);
        assertGoesWithinASecondTo("back", "1");
        Functions.waitUntilReady("Alias", "back.live");
    }

    @Test
    void silenceIsNoReasonToGoOn() {
        publish("quiet", 1, "return 1");
        publish("quiet", 2, "return 2");
        Functions.alias("quiet", "version: 1");
        Functions.waitUntilReady("Alias", "quiet.live");
        String rollout = "version: 2, rollout: {strategy: Canary, percent: 50, interval: 1s, bakeTime: 0s,"
                + " alarms: [{metric: errorRate, above: 1%, minimumEvents: 10}]";
        Functions.alias("quiet", rollout + "}");
        Functions.waitFor(
                "Alias",
                "quiet.live",
                it -> Functions.ready(it, "message")
                        .contains("stays at 50 % until its alarms can tell: errorRate needs 10 events"));

        Functions.alias("quiet", rollout + ", promoteOnSilence: true}");
        Functions.waitFor(
                "Alias", "quiet.live", it -> Functions.ready(it, "status").equals("True"));
        assertThat(executed("quiet:live")).isEqualTo("2");
    }

    @Test
    void aThirdVersionStartsFromTheSecondOnceThatHasAllEvents() throws Exception {
        for (int version = 1; version <= 3; version++) {
            publish("third", version, "return " + version);
        }
        Functions.alias("third", "version: 1");
        Functions.waitUntilReady("Alias", "third.live");
        Functions.alias("third", "version: 2, rollout: {strategy: BlueGreen, bakeTime: 10m}");
        Functions.waitFor("Alias", "third.live", it -> step(it).equals("Baking 100"));
        assertGoesWithinASecondTo("third", "2");

        Functions.alias("third", "version: 3, rollout: {strategy: Canary, percent: 50, interval: 3s, bakeTime: 1s}");
        while (!Functions.ready(get("third"), "status").equals("True")) {
            assertThat(executed("third:live")).isIn("2", "3");
        }

        assertThat(executed("third:live")).isEqualTo("3");
        List<Map<String, Object>> history = get("third").get("status", "history");
        assertThat(history)
                .extracting(it -> it.get("from") + " to " + it.get("to") + " " + it.get("result"))
                .containsExactly("2 to 3 Succeeded", "1 to 2 Succeeded");
        assertThat((String) history.getLast().get("message")).contains("spec.version is 3 now");
    }

    /** Moves an alias and tells the steps on its way. */
    private static List<String> move(String function, int version, String rollout) {
        List<String> story = new ArrayList<>();
        try (var _ = Functions.watch("Alias", function + ".live", alias -> {
            String step = step(alias);
            boolean isOf = step.isEmpty() || version == (int) alias.get("status", "rollout", "to");
            if (!step.isEmpty()
                    && isOf
                    && !story.contains(step)
                    && !step.startsWith("Succeeded")
                    && !step.startsWith("RolledBack")) {
                story.add(step);
            }
        })) {
            Functions.alias(function, "version: " + version + ", rollout: {" + rollout + "}");
            Functions.waitUntilReady("Alias", function + ".live");
        }
        GenericKubernetesResource alias = get(function);
        assertThat((int) alias.get("status", "version")).isEqualTo(version);
        assertThat((String) alias.get("status", "rollout", "phase")).isEqualTo("Succeeded");
        return story;
    }

    private static String rolledBack(String function, String rollout) {
        Functions.alias(function, "version: 2, rollout: {" + rollout + "}");
        return Functions.ready(
                Functions.waitFor(
                        "Alias",
                        function + ".live",
                        it -> Functions.ready(it, "reason").equals("RolledBack")),
                "message");
    }

    static String step(GenericKubernetesResource alias) {
        String phase = alias.get("status", "rollout", "phase");
        Number weight = alias.get("status", "routing", "weight");
        return phase == null ? "" : phase + " " + (weight == null ? 0 : weight.intValue());
    }

    private static void waitForWeight(String function, int weight) {
        Functions.waitFor("Alias", function + ".live", it -> step(it).equals("Shifting " + weight));
    }

    /** Whichever event is sent a second from now; one that was sent before may wait long for an instance. */
    private static void assertGoesWithinASecondTo(String function, String version) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        int same = 0;
        while (same < 10) {
            long sent = System.nanoTime();
            same = executed(function + ":live").equals(version) ? same + 1 : 0;
            assertThat(same > 0 || sent < until)
                    .as("back at version " + version)
                    .isTrue();
        }
    }

    static void publish(String function, int version, String body) {
        Functions.python(function, "publish: OnChange", "def handler(event, context):\n    " + body);
        Functions.waitUntilReady("Version", function + "." + version);
    }

    static GenericKubernetesResource get(String function) {
        return Functions.get("Alias", function + ".live");
    }

    private static String executed(String name) {
        return Functions.invoke(lambda, name, "{}").executedVersion();
    }
}
