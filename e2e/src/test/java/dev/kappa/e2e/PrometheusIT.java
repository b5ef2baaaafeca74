package dev.kappa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Alarms of rollouts that ask a real Prometheus, Debian's, which scrapes the gateways. */
@Isolated("restarts the operator")
class PrometheusIT {
    private static final String ERRORS = "sum(kappa_gateway_invocation_seconds_count{function=\"$function\","
            + "version=\"$version\",result=\"function_error\"})";

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        Command.run(Map.of(), "docker", "build", "--network=host", "-q", "-t", "kappa/prometheus:dev", "prometheus");
        Cluster.shared().load(List.of("kappa/prometheus:dev"));
        String manifest = Files.readString(Path.of("prometheus/prometheus.yaml"))
                .replace("kappa/prometheus:dev", Cluster.shared().image("kappa/prometheus:dev"));
        Cluster.shared()
                .client()
                .load(new ByteArrayInputStream(manifest.getBytes(UTF_8)))
                .forceConflicts()
                .serverSideApply();
        Installation.helm("--set", "operator.prometheusUrl=http://prometheus.default.svc.cluster.local.:9090");
        scale(1);
    }

    @Test
    void aQueryAboveItsLimitRollsBack() throws Exception {
        versions("queried", "raise Exception('green is bad')");
        try (Load load = Load.on("queried:live", 2)) {
            load.pass(20);
            Functions.alias("queried", rollout("Canary, percent: 50, interval: 10m", ERRORS, "5"));
            Functions.waitFor(
                    "Alias", "queried.live", it -> Functions.ready(it, "reason").equals("RolledBack"));
            load.stop();
        }
        assertThat(Functions.ready(Functions.get("Alias", "queried.live"), "message"))
                .contains("Events go to version 1, not to 2. Alarm: the Prometheus query sum(kappa_gateway_invocation")
                .contains(", above 5.000.");
        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(Functions.invoke(lambda, "queried:live", "{}").executedVersion())
                    .isEqualTo("1");
        }
    }

    @Test
    void aPrometheusThatDoesNotAnswerEndsNoStepAndNeitherDoesABadQuery() throws Exception {
        versions("unsure", "return 2");
        Functions.alias("unsure", rollout("Canary, percent: 50, interval: 1s, bakeTime: 1s", "sum(", "1"));
        waitForMessage("unsure", "sum( tells nothing: Prometheus at http://prometheus", "bad_data");

        scale(0);
        Functions.alias("unsure", rollout("Canary, percent: 50, interval: 1s, bakeTime: 1s", "vector(1)", "1"));
        waitForMessage(
                "unsure",
                "Version 2 stays at 50 % until its alarms can tell: the Prometheus query vector(1) tells nothing",
                "does not answer");

        scale(1);
        Functions.waitUntilReady("Alias", "unsure.live");
        assertThat((String) Functions.get("Alias", "unsure.live").get("status", "rollout", "phase"))
                .isEqualTo("Succeeded");
    }

    private static void versions(String function, String green) {
        Functions.python(function, "publish: OnChange", "def handler(event, context):\n    return 1");
        Functions.waitUntilReady("Version", function + ".1");
        Functions.python(function, "publish: OnChange", "def handler(event, context):\n    " + green);
        Functions.waitUntilReady("Version", function + ".2");
        Functions.alias(function, "version: 1");
        Functions.waitUntilReady("Alias", function + ".live");
    }

    private static String rollout(String strategy, String query, String above) {
        return "version: 2, rollout: {strategy: " + strategy + ", alarms: [{prometheus: {query: '" + query
                + "'}, above: '" + above + "'}]}";
    }

    private static void waitForMessage(String function, String... parts) {
        Functions.waitFor(
                "Alias",
                function + ".live",
                it -> List.of(parts).stream()
                        .allMatch(part -> Functions.ready(it, "message").contains(part)));
    }

    // A pod that ends still answers and is not counted among the ready ones, so the pods themselves are looked at.
    private static void scale(int replicas) {
        KubernetesClient client = Cluster.shared().client();
        client.apps()
                .deployments()
                .inNamespace("default")
                .withName("prometheus")
                .scale(replicas);
        await("Prometheus with " + replicas + " pods").atMost(ofSeconds(90)).until(() -> has(client, replicas));
    }

    private static boolean has(KubernetesClient client, int replicas) {
        List<Pod> pods = client.pods()
                .inNamespace("default")
                .withLabel("app", "prometheus")
                .list()
                .getItems();
        return pods.size() == replicas && pods.stream().allMatch(Readiness::isPodReady);
    }
}
