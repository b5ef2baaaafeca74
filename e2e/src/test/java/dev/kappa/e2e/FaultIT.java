package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What is killed under load, and the only errors that it may cause. */
@Isolated("kills parts")
class FaultIT {
    private static final int CALLERS = 4;
    private static KubernetesClient client;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        client = Cluster.shared().client();
        Functions.python(
                "steady",
                "scaling: {max: 6, idleTimeout: 5s}\n  timeoutSeconds: 20",
                "import time\ndef handler(event, context):\n    time.sleep(0.02)\n    return 'ok'");
        Functions.waitUntilReady("Function", "steady");
    }

    @BeforeEach
    void waitForTheParts() {
        for (String part : List.of("kappa-operator", "kappa-gateway", "kappa-api")) {
            client.apps()
                    .deployments()
                    .inNamespace(Installation.NAMESPACE)
                    .withName(part)
                    .waitUntilReady(90, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPodThatIsKilledFailsOnlyTheEventThatItRan() throws Exception {
        try (Load load = Load.on("steady", CALLERS)) {
            load.pass(50);
            Operators.kill(Functions.runningPod("steady"));
            load.pass(200);

            Map<String, Integer> errors = load.stop();

            assertThat(errors.values().stream().mapToInt(it -> it).sum())
                    .as("%s", errors)
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aPodThatIsAskedToGoFailsNothing() throws Exception {
        try (Load load = Load.on("steady", CALLERS)) {
            load.pass(50);
            client.resource(Functions.runningPod("steady")).delete();
            load.pass(200);

            assertThat(load.stop()).isEmpty();
        }
    }

    @Test
    void scalingDownUnderLoadLosesNothing() throws Exception {
        try (Load load = Load.on("steady", CALLERS)) {
            load.pass(100);
            Functions.scale("steady", 1);
            load.pass(100);
            Functions.scale("steady", 4);
            load.pass(100);
            Functions.scale("steady", 1);
            load.pass(200);

            assertThat(load.stop()).isEmpty();
        }
    }

    @Test
    void theOperatorsLeaderCanBeKilledUnderLoad() throws Exception {
        try (Load load = Load.on("steady", CALLERS)) {
            load.pass(50);
            String leader = Operators.leader();
            Operators.kill(client.pods()
                    .inNamespace(Installation.NAMESPACE)
                    .withName(leader)
                    .get());
            load.pass(200);

            assertThat(load.stop()).isEmpty();
            Functions.waitForZero("steady");
        }
        try (Load load = Load.on("steady", 1)) {
            load.pass(1);
            assertThat(load.stop()).isEmpty();
        }
    }

    @Test
    void theOperatorsLeaderCanGoAndAnotherOneScales() throws Exception {
        String leader = Operators.leader();
        Instant expiry = Operators.leaseExpiry();
        client.pods().inNamespace(Installation.NAMESPACE).withName(leader).delete();
        Functions.waitForZero("steady");
        try (Load load = Load.on("steady", 1)) {
            load.pass(1);

            assertThat(load.stop()).isEmpty();
        }
        assertThat(Operators.leader()).isNotEqualTo(leader);
        assertThat(Operators.ledSince())
                .describedAs("the lease was handed over, not waited for")
                .isBefore(expiry);
    }

    /** Until its endpoint is gone new connections meet the dead gateway too; nothing else may fail, and it must end. */
    @Test
    void aGatewayThatIsKilledBreaksConnectionsAndNothingElse() throws Exception {
        try (Load load = Load.on("steady", CALLERS)) {
            load.pass(50);
            Operators.kill(pods("gateway").getFirst());
            load.pass(400);
            Thread.sleep(3000);
            Map<String, Integer> whileDead = load.errors();
            load.pass(200);

            assertThat(load.stop()).isEqualTo(whileDead);
            assertThat(whileDead.keySet())
                    .allMatch(it -> it.contains("no bytes") || it.contains("reset") || it.startsWith("502"));
        }
    }

    @Test
    void aGatewayThatIsAskedToGoFailsNothing() throws Exception {
        try (Load load = Load.on("steady", CALLERS)) {
            load.pass(50);
            client.resource(pods("gateway").getFirst()).delete();
            load.pass(300);

            assertThat(load.stop()).isEmpty();
        }
    }

    @Test
    void aChangeOfTheCodeUnderLoadFailsNothing() throws Exception {
        Functions.python("renewed", "scaling: {max: 4}", "def handler(event, context): return 1");
        Functions.waitUntilReady("Function", "renewed");
        try (Load load = Load.on("renewed", CALLERS)) {
            load.pass(50);
            Functions.python("renewed", "scaling: {max: 4}", "def handler(event, context): return 2");
            load.pass(300);

            assertThat(load.stop()).isEmpty();
        }
    }

    @Test
    void eventsOutliveNatsThatIsKilled() throws Exception {
        Functions.python(
                "outlives",
                "concurrency: {perInstance: 1, reserved: 2}",
                "import time\ndef handler(event, context): time.sleep(0.05)");
        Functions.waitUntilReady("Function", "outlives");
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            accepted.add(Events.accept("outlives", String.valueOf(i)));
        }

        Operators.kill(pods("nats").getFirst());
        HttpResponse<String> down = Events.send("outlives", "1");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.headers().firstValue("x-amzn-ErrorType")).hasValue("ServiceException");
        assertThat(down.body()).contains("NATS");

        for (String id : accepted) {
            assertThat(Events.outcome("outlives", id).path("condition").asText())
                    .isEqualTo("Success");
        }
        Events.outcome("outlives", Events.accept("outlives", "1"));
    }

    private static List<Pod> pods(String component) {
        return client.pods()
                .inNamespace(Installation.NAMESPACE)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems();
    }
}
