package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Functions that run without a caller. */
@Timeout(300)
@ResourceLock(SourceIT.PROCESSES)
class SourceIT {
    /** kappa-sources, whose leader tests kill. */
    static final String PROCESSES = "kappa-sources";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of this run alone: the cluster may be one of before. */
    private static final String PATH = "/ticks-" + System.nanoTime();

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private static final List<String> MADE = new ArrayList<>();

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        WebHook.start();
        Functions.python(
                "ticked",
                "scaling: {idleTimeout: 5s}\n  async: {onSuccess: {url: {location: '" + WebHook.url(PATH) + "'}}}",
                "def handler(event, context):\n    return context.aws_request_id");
        Functions.waitUntilReady("Function", "ticked");
        Functions.waitForZero("ticked");
    }

    /** Without event sources nothing is left that costs anything. */
    @AfterAll
    static void remove() {
        MADE.forEach(it -> Functions.delete("EventSource", it));
        // Other tests may have some.
        await("kappa-sources at zero").atMost(PATIENCE).until(() -> replicas() == 0 || hasSources());
    }

    @Test
    void ticksRunAFunctionFromZeroOnceEachThoughTheirLeaderIsKilled() throws Exception {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Instant> ticks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Instant tick = begin.plusSeconds(8 + 3L * i);
            ticks.add(tick);
            apply("ticks-" + i, "ticked", at(tick));
        }

        String first = Functions.waitFor(
                        "EventSource",
                        "ticks-0",
                        it -> Functions.ready(it, "reason").equals("Completed"))
                .get("status", "owner");
        kill(first);

        await("an event of each tick").atMost(PATIENCE).until(() -> times().containsAll(texts(ticks)));
        for (int i = 0; i < 6; i++) {
            GenericKubernetesResource done = Functions.waitFor(
                    "EventSource",
                    "ticks-" + i,
                    it -> Functions.ready(it, "reason").equals("Completed"));
            assertThat((String) done.get("status", "lastTick"))
                    .isEqualTo(ticks.get(i).toString());
        }
        assertThat(times()).as("times of the events").containsExactlyInAnyOrderElementsOf(texts(ticks));
        assertThat((String) Functions.get("EventSource", "ticks-5").get("status", "owner"))
                .isNotEqualTo(first);
        JsonNode event = records().getFirst().path("requestPayload");
        assertThat(event.path("source").asText()).isEqualTo("aws.events");
        assertThat(event.path("detail-type").asText()).isEqualTo("Scheduled Event");
        assertThat(event.at("/resources/0").asText()).matches("arn:aws:events:us-east-1:000000000000:rule/ticks-[0-5]");
        assertThat(records())
                .allSatisfy(it -> assertThat(it.path("responsePayload").asText())
                        .as("the request id is that of the tick")
                        .isEqualTo(it.at("/requestContext/requestId").asText())
                        .isEqualTo(it.at("/requestPayload/id").asText()));
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        apply("no-ticks", "ticked", "cron(0 3 * * *)");
        apply("no-function", "nobody", "rate(1 day)");
        apply("at-last", "nobody", at(Instant.now().plusSeconds(2)));

        assertThat(message("no-ticks", "InvalidSchedule")).contains("cron(…) has 5 fields");
        assertThat(message("no-function", "Scheduled")).contains("The next tick is");
        assertThat(message("at-last", "ResourceNotFound")).contains("Function not found", "nobody");
        assertThat(Installation.tool("kubectl", "get", "eventsources", "no-ticks"))
                .containsPattern("ticked +Schedule +False +InvalidSchedule");
        assertThatThrownBy(() -> Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: EventSource
                metadata: {name: none, namespace: default}
                spec: {function: ticked}
                """)).hasMessageContaining("give exactly one source");
    }

    @Test
    void whoMayNotInvokeAFunctionGetsNoScheduleForIt() {
        client().resourceList("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: scheduler, namespace: default}
                        rules:
                          - {apiGroups: [kappa.dev], resources: [eventsources], verbs: [get, create, patch]}
                          - {apiGroups: [kappa.dev], resources: [functions/invocations], resourceNames: [ticked], verbs: [create]}
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: scheduler, namespace: default}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: scheduler}
                        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: scheduler}]
                        """).serverSideApply();
        try (KubernetesClient scheduler = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client().getConfiguration())
                        .withImpersonateUsername("scheduler")
                        .build())
                .build()) {
            assertThatThrownBy(() -> scheduler
                            .resource(manifest("secret", "ticked", "")
                                    .replace(
                                            "schedule: {expression: ''}",
                                            "sqs: {queue: 'https://queues.example.com/1/q', "
                                                    + "credentials: {secretRef: {name: others}}}"))
                            .serverSideApply())
                    .hasMessageContaining("scheduler may not read the Secret others of namespace default");
            assertThatThrownBy(() -> create(scheduler, "others", "shared"))
                    .hasMessageContaining("scheduler may not invoke the function shared of namespace default");
            await("its own").atMost(PATIENCE).ignoreExceptions().until(() -> create(scheduler, "own", "ticked"));
        }
    }

    private static boolean create(KubernetesClient user, String name, String function) {
        MADE.add(name);
        user.resource(manifest(name, function, "rate(1 day)")).serverSideApply();
        return true;
    }

    private static void apply(String name, String function, String schedule) {
        MADE.add(name);
        Functions.apply(manifest(name, function, schedule));
    }

    private static String manifest(String name, String function, String schedule) {
        return """
                apiVersion: kappa.dev/v1alpha1
                kind: EventSource
                metadata: {name: NAME, namespace: default}
                spec: {function: FUNCTION, schedule: {expression: 'SCHEDULE'}}
                """.replace("NAME", name).replace("FUNCTION", function).replace("SCHEDULE", schedule);
    }

    private static String at(Instant tick) {
        return "at(" + LOCAL.format(tick) + ")";
    }

    private static String message(String name, String reason) {
        return Functions.ready(
                Functions.waitFor(
                        "EventSource", name, it -> Functions.ready(it, "reason").equals(reason)),
                "message");
    }

    /** As when its node dies: it gives nothing back, and does not come again. */
    static void kill(String name) throws IOException, InterruptedException {
        var pod = client().pods().inNamespace(Installation.NAMESPACE).withName(name);
        if (Cluster.shared().isOurs()) {
            Operators.kill(pod.get());
        }
        pod.withGracePeriod(0).delete();
    }

    private static List<JsonNode> records() throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (JsonNode call : WebHook.got(PATH)) {
            records.add(JSON.readTree(call.path("body").asText()));
        }
        return records;
    }

    private static List<String> times() throws IOException {
        return records().stream()
                .map(it -> it.at("/requestPayload/time").asText())
                .toList();
    }

    private static List<String> texts(List<Instant> times) {
        return times.stream().map(Instant::toString).toList();
    }

    private static boolean hasSources() {
        return !client().genericKubernetesResources("kappa.dev/v1alpha1", "EventSource")
                .inAnyNamespace()
                .list()
                .getItems()
                .isEmpty();
    }

    private static int replicas() {
        return client().apps()
                .deployments()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-sources")
                .get()
                .getSpec()
                .getReplicas();
    }

    private static KubernetesClient client() {
        return Cluster.shared().client();
    }
}
