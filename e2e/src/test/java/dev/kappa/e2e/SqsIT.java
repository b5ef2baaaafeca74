package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Functions that get the messages of a queue, which no fault loses. */
@Timeout(300)
@ResourceLock(SourceIT.PROCESSES)
class SqsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Of this run alone: the cluster may be one of before. */
    private static final String RUN = String.valueOf(System.nanoTime());

    private static final List<String> MADE = new ArrayList<>();
    private static QueueServer queues;
    /** Of this test alone: one that is repeated finds no messages of before. */
    private final String run = String.valueOf(System.nanoTime());

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        queues = new QueueServer();
        WebHook.start();
        function("sqs-queued", 0);
        function("sqs-queued-slow", 1);
        Functions.waitUntilReady("Function", "sqs-queued");
        Functions.waitUntilReady("Function", "sqs-queued-slow");
        Functions.waitForZero("sqs-queued");
    }

    @AfterAll
    static void remove() throws IOException {
        MADE.forEach(it -> Functions.delete("EventSource", it));
        queues.close();
    }

    /** Tells the web hook of its events, and says that each body with {@code poison} failed. */
    private static void function(String name, int seconds) {
        Functions.python(
                name, "timeoutSeconds: 20\n  scaling: {idleTimeout: 5s}", """
                import json, time, urllib.request
                def handler(event, context):
                    urllib.request.urlopen('URL', json.dumps(event).encode()).read()
                    time.sleep(SECONDS)
                    return {'batchItemFailures': [{'itemIdentifier': it['messageId']}
                        for it in event['Records'] if 'poison' in it['body']]}
                """.replace("URL", WebHook.url(path(name)))
                        .replace("SECONDS", String.valueOf(seconds)));
    }

    @Test
    void messagesRunAFunctionFromZeroAndOnlyWhatFailsComesBackAndEndsInTheDeadLetters() throws Exception {
        queues.create(queue("morgue"), 30, null);
        String url = queues.create(queue("orders"), 10, queue("morgue"));
        for (int i = 0; i < 3; i++) {
            String body = "{\"kind\": \"order\", \"number\": " + i + "}";
            queues.client()
                    .sendMessage(it -> it.queueUrl(queues.url(queue("orders")))
                            .messageBody(body)
                            .messageAttributes(Map.of(
                                    "tenant",
                                    MessageAttributeValue.builder()
                                            .dataType("String")
                                            .stringValue("a")
                                            .build())));
        }
        queues.send(queue("orders"), "{\"kind\": \"order\", \"number\": \"poison\"}", "{\"kind\": \"note\"}", "order");

        source("orders", "sqs-queued", url, """
                batch: {size: 10, window: 1s}
                  reportBatchItemFailures: true
                  filters: [{pattern: '{"body": {"kind": ["order"]}}'}]
                """);

        await("a poisonous message among the dead letters")
                .atMost(PATIENCE)
                .until(() -> queues.size(queue("morgue")) == 1 && queues.size(queue("orders")) == 0);
        List<String> bodies = bodies("sqs-queued");
        assertThat(bodies)
                .contains(
                        "{\"kind\": \"order\", \"number\": 0}",
                        "{\"kind\": \"order\", \"number\": 1}",
                        "{\"kind\": \"order\", \"number\": 2}")
                .noneMatch(it -> it.contains("note") || it.equals("order"));
        assertThat(bodies.stream().filter(it -> it.contains("poison")))
                .as("runs of what failed")
                .hasSizeGreaterThan(1);
        JsonNode record = records("sqs-queued").getFirst();
        assertThat(record.path("eventSource").asText()).isEqualTo("aws:sqs");
        assertThat(record.path("eventSourceARN").asText())
                .startsWith("arn:aws:sqs:")
                .endsWith(queue("orders"));
        assertThat(record.at("/attributes/ApproximateReceiveCount").asText()).isEqualTo("1");
        assertThat(record.at("/attributes/SentTimestamp").asText()).matches("[0-9]{13}");
        assertThat(record.at("/messageAttributes/tenant/stringValue").asText()).isEqualTo("a");
        assertThat(record.path("md5OfBody").asText()).matches("[0-9a-f]{32}");
        assertThat(message("orders", "Polling")).contains("are taken to sqs-queued");
        await("the last result")
                .atMost(PATIENCE)
                .until(() -> "PROBLEM: 1 of 1 records failed"
                        .equals(Functions.get("EventSource", "orders").get("status", "lastResult")));
        assertThat(Installation.tool("kubectl", "get", "eventsources", "orders"))
                .containsPattern("sqs-queued +SQS +True +Polling");
    }

    @Test
    void nothingIsLostThoughThePollerThatHoldsMessagesIsKilled() throws Exception {
        String url = queues.create(queue("parcels"), 10, null);
        List<String> sent =
                IntStream.range(0, 20).mapToObj(it -> "parcel " + it).toList();
        queues.send(queue("parcels"), sent.toArray(String[]::new));
        source("parcels", "sqs-queued-slow", url, "batch: {size: 2}\n  maxConcurrency: 2");
        await("a batch that runs")
                .atMost(PATIENCE)
                .until(() -> !bodies("sqs-queued-slow").isEmpty());

        SourceIT.kill(Functions.waitFor("EventSource", "parcels", it -> it.get("status", "owner") != null)
                .get("status", "owner"));

        await("all messages done").atMost(PATIENCE).until(() -> queues.size(queue("parcels")) == 0);
        assertThat(bodies("sqs-queued-slow")).containsAll(sent);
    }

    @Test
    void whatIsWrongIsNamedAndCostsNoMessage() throws Exception {
        String url = queues.create(queue("waiting"), 5, null);
        queues.send(queue("waiting"), "1");
        String later = "sqs-queued-" + run;
        source("no-function-yet", later, url, "");
        source("no-queue", "sqs-queued", QueueServer.URL + "/000000000000/nowhere", "");
        source("no-server", "sqs-queued", "http://" + QueueServer.HOST + ":9/000000000000/q", "");
        source("inside", "sqs-queued", "https://kubernetes.default.svc/000000000000/q", "");
        source("no-filter", "sqs-queued", url, "filters: [{pattern: '{\"body\": 1}'}]");
        source("no-secret", "sqs-queued", url + ", credentials: {secretRef: {name: sqs-gone}}", "");

        assertThat(message("no-queue", "QueueNotFound")).contains("the queue nowhere at http://queues", "create it");
        assertThat(message("no-server", "Unreachable")).contains("queues.default.svc.cluster.local:9", "correct");
        assertThat(message("inside", "Unreachable")).contains("sources.privateHosts can allow the host");
        assertThat(message("no-filter", "InvalidSource")).contains("Invalid filter pattern definition. filters[0]");
        assertThat(message("no-secret", "SecretNotFound")).contains("Secret default/sqs-gone does not exist");
        assertThat(message("no-function-yet", "ResourceNotFound")).contains("Function not found", later);
        assertThatThrownBy(() -> source("fifo", "sqs-queued", url + ".fifo", "batch: {size: 11, window: 1s}"))
                .hasMessageContaining("a FIFO queue has batches of 10 at most and no window");
        assertThatThrownBy(() -> source("large", "sqs-queued", url, "batch: {size: 11}"))
                .hasMessageContaining("more than 10 need a batch.window");

        function(later, 0);
        await("the message that waited").atMost(PATIENCE).until(() -> queues.size(queue("waiting")) == 0);
        assertThat(bodies(later)).contains("1");
        assertThat(message("no-function-yet", "Polling")).contains(later);
    }

    private static void source(String name, String function, String queue, String spec) {
        MADE.add(name);
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: EventSource
                metadata: {name: NAME, namespace: default}
                spec:
                  function: FUNCTION
                  sqs: {queue: QUEUE}
                  SPEC
                """.replace("NAME", name)
                .replace("FUNCTION", function)
                .replace("QUEUE", queue)
                .replace("SPEC", spec));
    }

    private static String message(String name, String reason) {
        return Functions.ready(
                Functions.waitFor(
                        "EventSource", name, it -> Functions.ready(it, "reason").equals(reason)),
                "message");
    }

    private String queue(String name) {
        return name + "-" + run;
    }

    private static String path(String function) {
        return "/" + function + "-" + RUN;
    }

    private static List<JsonNode> records(String function) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (JsonNode call : WebHook.got(path(function))) {
            records.addAll(StreamSupport.stream(
                            JSON.readTree(call.path("body").asText())
                                    .path("Records")
                                    .spliterator(),
                            false)
                    .toList());
        }
        return records;
    }

    private static List<String> bodies(String function) throws IOException {
        return records(function).stream().map(it -> it.path("body").asText()).toList();
    }
}
