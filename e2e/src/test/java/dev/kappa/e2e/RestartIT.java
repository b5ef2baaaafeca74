package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Every part of Kappa goes, one after the other and all at once, and at last the disk of NATS: without a hand, functions that
 * were there and new ones answer again, and what was acknowledged is there unless its disk was wiped.
 */
@Isolated("restarts everything")
@TestMethodOrder(OrderAnnotation.class)
class RestartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int EVENTS = 12;
    private static final String NATS = "statefulset/kappa-nats";
    private static KubernetesClient client;
    private static boolean persistent;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        client = Cluster.shared().client();
        persistent = Installation.hasDefaultStorage();
        Functions.python("before", "timeoutSeconds: 10", "def handler(event, context):\n    return event");
        // One at a time, so that most of its events wait while the parts go.
        Functions.python(
                "queueing",
                "timeoutSeconds: 10\n  scaling: {max: 1}",
                "import time\ndef handler(event, context):\n    time.sleep(1)\n    return event");
        Functions.waitUntilReady("Function", "before");
        Functions.waitUntilReady("Function", "queueing");
    }

    @AfterAll
    static void tidyUp() throws IOException, InterruptedException {
        for (String function : List.of("before", "queueing", "after-each", "after-all", "after-disk")) {
            Functions.delete("Function", function);
        }
        Installation.helm();
    }

    @Test
    @Order(1)
    void everyPartIsRestartedInTurn() throws Exception {
        List<String> accepted = acceptEvents();

        for (String part : parts()) {
            kubectl("rollout", "restart", part);
            waitFor(part);
        }

        functionsAnswer("after-each");
        eventsEnd(accepted, persistent);
    }

    @Test
    @Order(2)
    void allPodsAreDeletedAtOnce() throws Exception {
        List<String> accepted = acceptEvents();

        kubectl("delete", "pods", "--all", "--wait=false");
        for (String part : parts()) {
            waitFor(part);
        }

        functionsAnswer("after-all");
        eventsEnd(accepted, persistent);
    }

    @Test
    @Order(3)
    void theDiskOfNatsIsWiped() throws Exception {
        kubectl("scale", NATS, "--replicas=0");
        kubectl("wait", "--for=delete", "pod/kappa-nats-0", "--timeout=90s");
        kubectl("delete", "persistentvolumeclaims", "--all", "--timeout=90s");
        kubectl("scale", NATS, "--replicas=1");
        waitFor(NATS);

        functionsAnswer("after-disk");
        eventsEnd(acceptEvents(), true);
    }

    private static List<String> acceptEvents() {
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String payload = String.valueOf(i);
            accepted.add(await("an event is accepted")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> Events.accept("queueing", payload), id -> !id.isEmpty()));
        }
        return accepted;
    }

    private static void eventsEnd(List<String> accepted, boolean all) throws IOException {
        if (!all) {
            return;
        }
        for (String id : accepted) {
            JsonNode outcome = Events.outcome("queueing", id);
            assertThat(outcome.path("condition").asText()).as("%s", outcome).isEqualTo("Success");
        }
    }

    /** The function that was there, first with its warm instance and then with a new one, and one that is new. */
    private static void functionsAnswer(String fresh) throws Exception {
        answers("before");
        Functions.scale("before", 0);
        Functions.waitForZero("before");
        answers("before");
        Functions.python(fresh, "timeoutSeconds: 10", "def handler(event, context):\n    return event");
        await("function " + fresh)
                .atMost(PATIENCE)
                .until(() -> Functions.ready(Functions.get("Function", fresh), "status"), "True"::equals);
        answers(fresh);
    }

    private static void answers(String function) {
        try (LambdaClient lambda = Functions.lambda()) {
            await("function " + function + " answers")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(Functions.invoke(lambda, function, "1")
                                    .payload()
                                    .asUtf8String())
                            .isEqualTo("1"));
        }
    }

    private static List<String> parts() {
        var apps = client.apps();
        return Stream.concat(
                        apps.deployments().inNamespace(Installation.NAMESPACE).list().getItems().stream(),
                        apps.statefulSets().inNamespace(Installation.NAMESPACE).list().getItems().stream())
                .map(RestartIT::reference)
                .toList();
    }

    private static String reference(HasMetadata part) {
        return part.getKind().toLowerCase(java.util.Locale.ROOT) + "/"
                + part.getMetadata().getName();
    }

    private static void waitFor(String part) throws IOException, InterruptedException {
        kubectl("rollout", "status", part, "--timeout=180s");
    }

    private static void kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "-n", Installation.NAMESPACE));
        command.addAll(List.of(arguments));
        Installation.tool(command.toArray(String[]::new));
    }
}
