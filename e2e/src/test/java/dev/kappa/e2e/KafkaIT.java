package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Functions that get the records of topics, each partition in order and none left out, whatever dies. */
@Timeout(300)
@ResourceLock(SourceIT.PROCESSES)
class KafkaIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of this run alone: the cluster may be one of before. */
    private static final String RUN = String.valueOf(System.nanoTime());

    private static final List<String> MADE = new ArrayList<>();
    private static KafkaServer kafka;

    @BeforeAll
    static void install() throws Exception {
        kafka = new KafkaServer();
        WebHook.start();
        secret("kafka-user", KafkaServer.PASSWORD);
        secret("kafka-stranger", "wrong");
        function("consumed", "if value == 'poison': raise ValueError(record['offset'])");
        function(
                "consumed-in-part",
                "if value == 'poison': failed.append({'itemIdentifier': {'partition': name, 'offset': record['offset']}})");
        function("consumed-morgue", "pass");
        for (String name : List.of("consumed", "consumed-in-part", "consumed-morgue")) {
            Functions.waitUntilReady("Function", name);
        }
        Functions.waitForZero("consumed");
    }

    @AfterAll
    static void remove() throws Exception {
        MADE.forEach(it -> Functions.delete("EventSource", it));
        kafka.close();
    }

    private static void secret(String name, String password) {
        Cluster.shared()
                .client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("default")
                        .endMetadata()
                        .addToStringData(Map.of("KAFKA_USER", KafkaServer.USER, "KAFKA_PASSWORD", password + "\n"))
                        .build())
                .serverSideApply();
    }

    /** Tells the web hook of its events, those that fail left out. */
    private static void function(String name, String check) {
        Functions.python(
                name, "timeoutSeconds: 20\n  scaling: {idleTimeout: 5s}", """
                import base64, json, urllib.request
                def handler(event, context):
                    failed = []
                    for name, records in event.get('records', {}).items():
                        for record in records:
                            value = base64.b64decode(record['value']).decode()
                            CHECK
                    urllib.request.urlopen('URL', json.dumps(event).encode()).read()
                    return {'batchItemFailures': failed}
                """.replace("URL", WebHook.url(path(name)))
                        .replace("CHECK", check));
    }

    @Test
    void recordsOfEachPartitionRunInOrderPastAPoisonousOneThoughTheLeaderIsKilled() throws Exception {
        String topic = kafka.create("orders", 2);
        send(topic, 1, 20);
        source("topic-orders", "consumed", topic, "kafka-user", """
                startingPosition: Earliest
                  batch: {size: 4}
                  retries: 1
                  bisect: true
                  onFailure: {function: consumed-morgue}
                """);
        await("some of the records")
                .atMost(PATIENCE)
                .until(() -> numbers("consumed", topic + "-0").size() >= 8);
        SourceIT.kill(Functions.waitFor("EventSource", "topic-orders", it -> it.get("status", "owner") != null)
                .get("status", "owner"));
        send(topic, 21, 40);

        for (int partition = 0; partition < 2; partition++) {
            String name = topic + "-" + partition;
            await("all records")
                    .atMost(PATIENCE)
                    .until(() -> numbers("consumed", name).contains(40));
            assertThat(numbers("consumed", name).stream().distinct())
                    .as("records of %s as they ran first", name)
                    .containsExactlyElementsOf(numbersBut(7, 40));
            assertThat(numbers("consumed", name))
                    .as("batches in flight run twice")
                    .hasSizeLessThanOrEqualTo(39 + 8);
        }
        await("the record of each poisonous one")
                .atMost(PATIENCE)
                .until(() -> failures(topic).size() == 2);
        JsonNode record = failures(topic).getFirst();
        assertThat(record.at("/requestContext/condition").asText()).isEqualTo("RetryAttemptsExhausted");
        assertThat(record.at("/KafkaBatchInfo/startSequenceNumber").asText()).isEqualTo("6");
        assertThat(record.at("/KafkaBatchInfo/endSequenceNumber").asText()).isEqualTo("6");
        JsonNode event = events("consumed").getFirst();
        assertThat(event.path("eventSource").asText()).isEqualTo("SelfManagedKafka");
        assertThat(event.path("bootstrapServers").asText()).isEqualTo(KafkaServer.BROKER);
        JsonNode first = event.path("records").elements().next().get(0);
        assertThat(first.path("headers").toString()).isEqualTo("[{\"tenant\":[-61,-87]}]");
        assertThat(first.path("timestampType").asText()).isEqualTo("CREATE_TIME");
        await("nothing left behind").atMost(PATIENCE).until(() -> isDone("topic-orders"));
    }

    @Test
    void partialAnswersFiltersAndStartsAreKept() throws Exception {
        String topic = kafka.create("news", 1);
        for (int i = 1; i <= 3; i++) {
            kafka.send(topic, 0, i, String.valueOf(i), i * 1000L);
        }
        source("topic-latest", "consumed", topic, "kafka-user", "startingPosition: Latest");
        source("topic-since", "consumed-in-part", topic, "kafka-user", """
                startingPosition: AtTimestamp
                  startingTime: "1970-01-01T00:00:02Z"
                  batch: {size: 10, window: 1s}
                  retries: 2
                  reportBatchItemFailures: true
                  onFailure: {function: consumed-morgue}
                  filters: [{pattern: '{"value": [{"anything-but": "5"}]}'}]
                """);
        polling("topic-latest");
        polling("topic-since");
        kafka.send(topic, 0, 4, "poison", 4000L);
        kafka.send(topic, 0, 5, "5", 5000L);
        kafka.send(topic, 0, 6, "6", 6000L);

        await("what follows the record that failed")
                .atMost(PATIENCE)
                .until(() -> numbers("consumed-in-part", topic + "-0").contains(6));
        assertThat(numbers("consumed-in-part", topic + "-0").stream().distinct())
                .containsExactly(2, 3, -1, 6);
        Functions.delete("EventSource", "topic-latest");
        assertThat(numbers("consumed", topic + "-0")).doesNotContain(1, 2, 3);
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        String topic = kafka.create("open", 1);
        source("topic-none", "consumed", "nowhere", "kafka-user", "");
        source("topic-stranger", "consumed", topic, "kafka-stranger", "");
        source("topic-no-secret", "consumed", topic, "kafka-gone", "");
        assertThat(message("topic-none", "TopicNotFound")).contains("nowhere does not exist at " + KafkaServer.BROKER);
        assertThat(message("topic-stranger", "CredentialsRefused"))
                .contains("do not accept them", "correct the Secret");
        assertThat(message("topic-no-secret", "SecretNotFound")).contains("Secret default/kafka-gone does not exist");
    }

    private static List<JsonNode> failures(String topic) throws IOException {
        return events("consumed-morgue").stream()
                .filter(it -> it.at("/KafkaBatchInfo/shardId").asText().startsWith(topic + "-"))
                .toList();
    }

    private static boolean isDone(String source) {
        Object lag = Functions.get("EventSource", source).get("status", "lag");
        return "0".equals(String.valueOf(lag));
    }

    private static List<Integer> numbersBut(int left, int last) {
        return IntStream.rangeClosed(1, last).filter(it -> it != left).boxed().toList();
    }

    private static void send(String topic, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            for (int partition = 0; partition < 2; partition++) {
                kafka.send(topic, partition, i, i == 7 ? "poison" : String.valueOf(i), null);
            }
        }
    }

    private static void source(String name, String function, String topic, String secret, String spec) {
        MADE.add(name);
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: EventSource
                metadata: {name: NAME, namespace: default}
                spec:
                  function: FUNCTION
                  kafka:
                    bootstrapServers: ['BROKER']
                    topics: [TOPIC]
                    credentials: {secretRef: {name: SECRET}}
                  SPEC
                """.replace("NAME", name)
                .replace("FUNCTION", function)
                .replace("BROKER", KafkaServer.BROKER)
                .replace("TOPIC", topic)
                .replace("SECRET", secret)
                .replace("SPEC", spec));
    }

    private static void polling(String name) {
        var _ = message(name, "Polling");
    }

    private static String message(String name, String reason) {
        return Functions.ready(
                Functions.waitFor(
                        "EventSource", name, it -> Functions.ready(it, "reason").equals(reason)),
                "message");
    }

    private static String path(String function) {
        return "/" + function + "-" + RUN;
    }

    private static List<JsonNode> events(String function) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode call : WebHook.got(path(function))) {
            events.add(JSON.readTree(call.path("body").asText()));
        }
        return events;
    }

    /** Values in the order of their runs; what failed in part is -1. */
    private static List<Integer> numbers(String function, String partition) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode event : events(function)) {
            for (JsonNode record : event.path("records").path(partition)) {
                byte[] value = Base64.getDecoder().decode(record.path("value").asText());
                String text = new String(value, StandardCharsets.UTF_8);
                numbers.add(text.equals("poison") ? -1 : Integer.parseInt(text));
            }
        }
        return numbers;
    }
}
