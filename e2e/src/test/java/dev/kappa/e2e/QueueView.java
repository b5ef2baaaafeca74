package dev.kappa.e2e;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.history.History.Delivered;
import dev.kappa.history.History.Died;
import dev.kappa.history.History.Sample;
import dev.kappa.history.History.Settled;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PurgeOptions;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.StreamState;
import io.nats.client.api.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** NATS as the checker sees it: how many events the queue holds, every revision of the outcomes, what destinations got. */
final class QueueView implements AutoCloseable {
    /** The subject of the function's destinations. */
    static final String RECORDS = "chaos.records";

    private static final String LETTERS = "kappa-dead_default_" + Sender.FUNCTION;
    private static final String OUTCOMES = "kappa-outcomes";
    private static final String ATTEMPTS = "kappa-attempts";
    private static final String SINK = "chaos-records";
    private static final int ALL_REVISIONS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalPortForward forward;
    private final Connection nats;
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final Thread sampler;

    private QueueView(LocalPortForward forward, Connection nats) {
        this.forward = forward;
        this.nats = nats;
        this.sampler = Thread.ofVirtual().start(this::sample);
    }

    /** To be called before the first event: a bucket that is made here keeps every revision, a gateway's only the last. */
    static QueueView open() throws IOException, InterruptedException, JetStreamApiException {
        LocalPortForward forward = Cluster.shared()
                .client()
                .pods()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-nats-0")
                .portForward(4222);
        Connection nats = Nats.connect(Options.builder()
                .server("nats://127.0.0.1:" + forward.getLocalPort())
                .userInfo("gateway", Installation.natsPassword("gateway"))
                .inboxPrefix("_INBOX.gateway.")
                .connectionTimeout(Duration.ofSeconds(5))
                .reconnectWait(Duration.ofMillis(500))
                .pingInterval(Duration.ofSeconds(2))
                .maxReconnects(-1)
                // It is killed on purpose, and says so four times a second.
                .errorListener(new ErrorListener() {})
                .build());
        var buckets = nats.keyValueManagement();
        KeyValueConfiguration outcomes = KeyValueConfiguration.builder(OUTCOMES)
                .storageType(StorageType.File)
                .maxHistoryPerKey(ALL_REVISIONS)
                .build();
        if (buckets.getBucketNames().contains(OUTCOMES)) {
            buckets.update(outcomes);
        } else {
            buckets.create(outcomes);
        }
        nats.jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(SINK)
                        .subjects(RECORDS)
                        .storageType(StorageType.File)
                        .build());
        forget(nats);
        return new QueueView(forward, nats);
    }

    /** What a run before this one left, which its own history would not explain. */
    private static void forget(Connection nats) throws IOException, JetStreamApiException {
        JetStreamManagement streams = nats.jetStreamManagement();
        List<String> there = streams.getStreamNames();
        for (String bucket : List.of(OUTCOMES, ATTEMPTS)) {
            if (there.contains("KV_" + bucket)) {
                streams.purgeStream(
                        "KV_" + bucket, PurgeOptions.subject("$KV." + bucket + ".default." + Sender.FUNCTION + ".*"));
            }
        }
        for (String stream : List.of(SINK, LETTERS)) {
            if (there.contains(stream)) {
                streams.purgeStream(stream);
            }
        }
    }

    void waitUntilEmpty(Duration longest) {
        await("the queue at rest")
                .atMost(longest)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(IOException.class)
                .ignoreExceptionsInstanceOf(JetStreamApiException.class)
                .until(this::events, equalTo(0L));
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Every revision of every outcome of the function. */
    List<Settled> outcomes() throws IOException, InterruptedException, JetStreamApiException {
        return read("KV_" + OUTCOMES, "$KV." + OUTCOMES + ".default." + Sender.FUNCTION + ".*", message -> {
            JsonNode outcome = json(message);
            return new Settled(
                    outcome.get("requestId").asText(),
                    outcome.get("condition").asText().equalsIgnoreCase("success"),
                    outcome.get("invocations").asInt(),
                    outcome.get("endedAtMs").asLong(),
                    message.metaData().timestamp().toInstant().toEpochMilli());
        });
    }

    /** Runs of the function that failed since their process ended: the last of each event, and those that ended events. */
    List<Died> died() throws IOException, InterruptedException, JetStreamApiException {
        List<Died> died = new ArrayList<>();
        for (String bucket : List.of(OUTCOMES, ATTEMPTS)) {
            died.addAll(read("KV_" + bucket, "$KV." + bucket + ".default." + Sender.FUNCTION + ".*", message -> {
                String text = new String(message.getData(), StandardCharsets.UTF_8);
                String subject = message.getSubject();
                return new Died(
                        text.contains("Runtime.ExitError") ? subject.substring(subject.lastIndexOf('.') + 1) : "",
                        message.metaData().timestamp().toInstant().toEpochMilli());
            }));
        }
        return died.stream().filter(it -> !it.requestId().isEmpty()).distinct().toList();
    }

    List<Delivered> records() throws IOException, InterruptedException, JetStreamApiException {
        return read(SINK, RECORDS, message -> {
            JsonNode context = json(message).get("requestContext");
            return new Delivered(
                    context.get("requestId").asText(),
                    context.get("condition").asText().equals("Success"));
        });
    }

    long deadLetters() throws IOException, JetStreamApiException {
        return messages(LETTERS);
    }

    private <T> List<T> read(String stream, String subject, Function<Message, T> one)
            throws IOException, InterruptedException, JetStreamApiException {
        List<T> all = new ArrayList<>();
        JetStreamSubscription subscription = nats.jetStream()
                .subscribe(
                        subject,
                        PushSubscribeOptions.builder().stream(stream)
                                .ordered(true)
                                .build());
        Message message;
        do {
            message = subscription.nextMessage(Duration.ofSeconds(20));
            if (message == null) {
                throw new AssertionError(stream + " gave " + all.size() + " messages of " + subject + ", and no more");
            }
            all.add(one.apply(message));
        } while (message.metaData().pendingCount() > 0);
        subscription.unsubscribe();
        return all;
    }

    /** The queue belongs to the function that is there now. */
    private long events() throws IOException, JetStreamApiException {
        String uid = Functions.get("Function", Sender.FUNCTION).getMetadata().getUid();
        StreamInfoOptions ofFunction =
                StreamInfoOptions.filterSubjects("kappa.queue.*.default." + Sender.FUNCTION + "." + uid + ".*");
        JetStreamManagement management = nats.jetStreamManagement();
        List<String> partitions = management.getStreamNames("kappa.queue.>");
        if (partitions.isEmpty()) {
            throw new IOException("nobody sent an event yet");
        }
        long events = 0;
        for (String partition : partitions) {
            StreamState state = management.getStreamInfo(partition, ofFunction).getStreamState();
            events += state.getSubjects().stream().mapToLong(Subject::getCount).sum();
        }
        return events;
    }

    private long messages(String stream) throws IOException, JetStreamApiException {
        return nats.jetStreamManagement().getStreamInfo(stream).getStreamState().getMsgCount();
    }

    private void sample() {
        try {
            while (true) {
                long from = System.currentTimeMillis();
                try {
                    long backlog = events();
                    samples.add(new Sample(from, System.currentTimeMillis(), backlog));
                } catch (IOException | JetStreamApiException | IllegalStateException e) {
                    // It is down, or nobody sent an event yet.
                }
                Thread.sleep(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode json(Message message) {
        try {
            return JSON.readTree(message.getData());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        sampler.interrupt();
        try {
            nats.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forward.close();
    }
}
