package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Functions that get the messages of a stream, in order and none left out, whatever dies. */
@Timeout(300)
@ResourceLock(SourceIT.PROCESSES)
class NatsIT {
    static final String HOST = "streams.default.svc.cluster.local";
    private static final String URL = "nats://" + HOST + ":4222";
    private static final String NAME = "streams";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of this run alone: the cluster may be one of before. */
    private static final String RUN = String.valueOf(System.nanoTime());

    private static final List<String> MADE = new ArrayList<>();
    private static LocalPortForward forward;
    private static Connection nats;

    @BeforeAll
    static void install() throws Exception {
        Installation.everything();
        WebHook.start();
        start();
        forward = client().pods().inNamespace("default").withName(NAME).portForward(4222);
        nats = Nats.connect("nats://127.0.0.1:" + forward.getLocalPort());
        function("streamed", "if b'poison' in base64.b64decode(record['data']): raise ValueError(record['sequence'])");
        function("streamed-morgue", "pass");
        Functions.waitUntilReady("Function", "streamed");
        Functions.waitUntilReady("Function", "streamed-morgue");
    }

    @AfterAll
    static void remove() throws Exception {
        MADE.forEach(it -> Functions.delete("EventSource", it));
        nats.close();
        forward.close();
    }

    /** Tells the web hook of its events, those that fail left out. */
    private static void function(String name, String check) {
        Functions.python(
                name, "timeoutSeconds: 20\n  scaling: {idleTimeout: 5s}", """
                import base64, json, urllib.request
                def handler(event, context):
                    for record in event.get('Records', []):
                        CHECK
                    urllib.request.urlopen('URL', json.dumps(event).encode()).read()
                """.replace("URL", WebHook.url(path(name)))
                        .replace("CHECK", check));
    }

    @Test
    void messagesRunInOrderPastAPoisonousOneThoughTheLeaderIsKilled() throws Exception {
        String stream = stream("orders");
        send(stream, 1, 20);
        source("stream-orders", stream, """
                startingPosition: Earliest
                  batch: {size: 4}
                  retries: 1
                  bisect: true
                  onFailure: {function: streamed-morgue}
                """);
        await("half of the messages").atMost(PATIENCE).until(() -> numbers().size() >= 8);
        SourceIT.kill(Functions.waitFor("EventSource", "stream-orders", it -> it.get("status", "owner") != null)
                .get("status", "owner"));
        send(stream, 21, 40);

        await("all messages").atMost(PATIENCE).until(() -> numbers().contains(40));
        assertThat(numbers().stream().filter(it -> it < 100).distinct())
                .as("messages as they ran first")
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 40)
                        .filter(it -> it != 7)
                        .boxed()
                        .toList());
        List<JsonNode> failures = WebHook.await(path("streamed-morgue"), 1);
        JsonNode record = JSON.readTree(failures.getFirst().path("body").asText());
        assertThat(record.at("/requestContext/condition").asText()).isEqualTo("RetryAttemptsExhausted");
        assertThat(record.at("/NatsBatchInfo/startSequenceNumber").asText()).isEqualTo("7");
        assertThat(record.at("/NatsBatchInfo/endSequenceNumber").asText()).isEqualTo("7");
        assertThat(record.at("/responseContext/functionError").asText()).contains("Unhandled");
    }

    @Test
    void latestBeginsWithWhatComesOnceTheSourceIsReadyAndAMissingStreamIsNamed() throws Exception {
        String stream = stream("news");
        send(stream, 101, 103);
        source("stream-news", stream, "startingPosition: Latest");
        source("stream-none", "NOWHERE", "");
        Functions.waitFor(
                "EventSource",
                "stream-news",
                it -> Functions.ready(it, "reason").equals("Polling"));
        send(stream, 104, 106);

        await("what came then").atMost(PATIENCE).until(() -> numbers().containsAll(List.of(104, 105, 106)));
        assertThat(numbers()).doesNotContain(101, 102, 103);
        assertThat(Functions.ready(
                        Functions.waitFor(
                                "EventSource",
                                "stream-none",
                                it -> Functions.ready(it, "reason").equals("StreamNotFound")),
                        "message"))
                .contains("the stream NOWHERE at " + URL, "create it");
    }

    private static String stream(String name) throws IOException, JetStreamApiException {
        String stream = name + "-" + System.nanoTime();
        nats.jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(stream)
                        .subjects(stream + ".>")
                        .storageType(StorageType.Memory)
                        .build());
        return stream;
    }

    private static void send(String stream, int from, int to) throws IOException, JetStreamApiException {
        for (int i = from; i <= to; i++) {
            String data = i == 7 ? "poison" : String.valueOf(i);
            nats.jetStream().publish(stream + ".a", data.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void source(String name, String stream, String spec) {
        MADE.add(name);
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: EventSource
                metadata: {name: NAME, namespace: default}
                spec:
                  function: streamed
                  nats: {url: 'URL', stream: STREAM}
                  SPEC
                """.replace("NAME", name)
                .replace("URL", URL)
                .replace("STREAM", stream)
                .replace("SPEC", spec));
    }

    private static String path(String function) {
        return "/" + function + "-" + RUN;
    }

    private static List<Integer> numbers() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode call : WebHook.got(path("streamed"))) {
            for (JsonNode record : JSON.readTree(call.path("body").asText()).path("Records")) {
                byte[] data = Base64.getDecoder().decode(record.path("data").asText());
                numbers.add(Integer.parseInt(new String(data, StandardCharsets.UTF_8)));
            }
        }
        return numbers;
    }

    private static void start() throws IOException, InterruptedException {
        PodSpec spec = new PodSpecBuilder(ServerPod.of(ServerPod.container(NAME, "kappa/nats:2.15.2", 4222)
                        .withArgs("-js", "-sd", "/tmp/nats")
                        .addNewVolumeMount()
                        .withName("tmp")
                        .withMountPath("/tmp")
                        .endVolumeMount()))
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .build();
        ServerPod.start(NAME, 4222, spec, 60);
    }

    private static KubernetesClient client() {
        return Cluster.shared().client();
    }
}
