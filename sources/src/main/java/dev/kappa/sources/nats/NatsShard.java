package dev.kappa.sources.nats;

import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.shape.FilterText;
import dev.kappa.sources.shape.Records;
import dev.kappa.sources.streams.Shard;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.IterableConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stream of JetStream, read in its order by a consumer that acknowledges nothing: how far it is read, the checkpoint says, so
 * that no redelivery breaks the order.
 */
final class NatsShard implements Shard {
    private static final Duration FIRST = Duration.ofSeconds(20);
    private static final Duration NEXT = Duration.ofMillis(5);
    private static final int AHEAD = 100;

    private final Connection connection;
    private final String stream;
    private final @Nullable String subject;
    private final boolean filtered;
    private @Nullable IterableConsumer consumer;
    private String at = "";

    /**
     * Does not read yet.
     *
     * @param connection to the server
     * @param stream its name
     * @param subject of the messages, perhaps with wildcards; null for all
     * @param filtered whether filters look at messages
     */
    NatsShard(Connection connection, String stream, @Nullable String subject, boolean filtered) {
        this.connection = connection;
        this.stream = stream;
        this.subject = subject;
        this.filtered = filtered;
    }

    @Override
    public synchronized List<SourceRecord> fetch(String after, int most) {
        List<SourceRecord> records = new ArrayList<>();
        try {
            IterableConsumer open = consumer(after);
            Message message = open.nextMessage(FIRST);
            while (message != null) {
                records.add(record(message));
                at = records.getLast().id();
                message = records.size() < most ? open.nextMessage(NEXT) : null;
            }
            return records;
        } catch (IOException | JetStreamApiException | JetStreamStatusCheckedException | RuntimeException e) {
            forget();
            if (records.isEmpty()) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            return records;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return records;
        }
    }

    private IterableConsumer consumer(String after) throws IOException, JetStreamApiException {
        IterableConsumer open = consumer;
        if (open != null && at.equals(after)) {
            return open;
        }
        forget();
        OrderedConsumerConfiguration configuration = new OrderedConsumerConfiguration();
        if (subject != null) {
            configuration.filterSubject(subject);
        }
        if (after.isEmpty()) {
            configuration.deliverPolicy(DeliverPolicy.All);
        } else {
            configuration.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(Long.parseLong(after) + 1);
        }
        open = connection
                .getStreamContext(stream)
                .createOrderedConsumer(configuration)
                .iterate(ConsumeOptions.builder().batchSize(AHEAD).build());
        consumer = open;
        at = after;
        return open;
    }

    private void forget() {
        IterableConsumer open = consumer;
        consumer = null;
        if (open != null) {
            try {
                open.close();
            } catch (Exception e) {
                // The server forgets it by itself.
            }
        }
    }

    private SourceRecord record(Message message) {
        Map<String, String> headers = new TreeMap<>();
        Headers sent = message.getHeaders();
        if (sent != null) {
            sent.forEach((name, values) -> headers.put(name, values.isEmpty() ? "" : values.getFirst()));
        }
        long sequence = message.metaData().streamSequence();
        Instant sentAt = message.metaData().timestamp().toInstant();
        String event = Records.nats(message.getSubject(), Optional.of(sequence), headers, message.getData(), sentAt);
        return SourceRecord.of(
                String.valueOf(sequence),
                message.getSubject(),
                sentAt,
                event,
                filtered ? FilterText.of(event, Map.of("data", message.getData())) : "");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
