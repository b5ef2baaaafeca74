package dev.kappa.sources.sqs;

import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.work.SourceProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A queue of SQS. Calls block. */
final class SqsQueue {
    /** SQS takes and gives no more in one call. */
    private static final int MOST = 10;

    private static final int LONG_POLL_S = 20;
    private static final Duration SHORTEST = Duration.ofSeconds(4);

    private final SqsClient client;
    private final String url;
    private final MessageShape shape;
    private final Duration visibility;

    /**
     * A message as it was delivered.
     *
     * @param receipt of the delivery
     * @param record of it
     */
    record Message(String receipt, SourceRecord record) {}

    /**
     * Asks the queue what it is.
     *
     * @param client for its server
     * @param address of it
     * @param filtered whether filters look at its messages
     */
    SqsQueue(SqsClient client, QueueAddress address, boolean filtered) {
        this.client = client;
        this.url = address.url()
                .orElseGet(() -> client.getQueueUrl(it -> it.queueName(address.name())
                                .queueOwnerAWSAccountId(address.account().orElse(null)))
                        .queueUrl());
        Map<QueueAttributeName, String> attributes = client.getQueueAttributes(it -> it.queueUrl(url)
                        .attributeNames(QueueAttributeName.QUEUE_ARN, QueueAttributeName.VISIBILITY_TIMEOUT))
                .attributes();
        String arn = attributes.getOrDefault(QueueAttributeName.QUEUE_ARN, "");
        this.shape = new MessageShape(arn, region(arn, address), filtered);
        this.visibility = Duration.ofSeconds(
                Long.parseLong(attributes.getOrDefault(QueueAttributeName.VISIBILITY_TIMEOUT, "30")));
        if (visibility.compareTo(SHORTEST) < 0) {
            throw new SourceProblemException(
                    "InvalidQueue",
                    "spec.sqs.queue: " + address + " has a visibility timeout of " + visibility.toSeconds()
                            + " s, so that a message is handed out again before it can be run; set one of 30 s, and of "
                            + SHORTEST.toSeconds() + " s at least.");
        }
    }

    private static String region(String arn, QueueAddress address) {
        String[] parts = arn.split(":", -1);
        return parts.length > 3 ? parts[3] : address.region();
    }

    /** How long the queue leaves a delivery alone. */
    Duration visibility() {
        return visibility;
    }

    /** Waits for the first messages, and takes what more there is at once. */
    List<Message> receive(int records) {
        List<Message> all = new ArrayList<>();
        int wait = longPoll(visibility);
        while (all.size() < records) {
            int seconds = wait;
            int most = Math.min(MOST, records - all.size());
            List<Message> some = client
                    .receiveMessage(it -> it.queueUrl(url)
                            .maxNumberOfMessages(most)
                            .waitTimeSeconds(seconds)
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                            .messageAttributeNames("All"))
                    .messages()
                    .stream()
                    .map(shape::message)
                    .toList();
            all.addAll(some);
            if (some.size() < most) {
                break;
            }
            wait = 0;
        }
        return all;
    }

    /**
     * How long a call waits for messages, seconds. Whoever got one knows only that it was handed out after the call was made; so the
     * wait leaves half of the time in which the queue lets it alone.
     */
    static int longPoll(Duration visibility) {
        return (int) Math.min(LONG_POLL_S, visibility.toSeconds() / 2);
    }

    /** Deletes messages. */
    void delete(List<String> receipts) {
        each(
                receipts,
                some -> client.deleteMessageBatch(it -> it.queueUrl(url)
                        .entries(numbered(
                                some,
                                (id, receipt) -> DeleteMessageBatchRequestEntry.builder()
                                        .id(id)
                                        .receiptHandle(receipt)
                                        .build()))));
    }

    /** Says from now on for how long the queue leaves deliveries alone. */
    void visibility(List<String> receipts, Duration time) {
        each(
                receipts,
                some -> client.changeMessageVisibilityBatch(it -> it.queueUrl(url)
                        .entries(numbered(
                                some,
                                (id, receipt) -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                        .id(id)
                                        .receiptHandle(receipt)
                                        .visibilityTimeout((int) time.toSeconds())
                                        .build()))));
    }

    private static void each(List<String> receipts, Consumer<List<String>> call) {
        for (int from = 0; from < receipts.size(); from += MOST) {
            call.accept(receipts.subList(from, Math.min(receipts.size(), from + MOST)));
        }
    }

    private static <T> List<T> numbered(List<String> receipts, BiFunction<String, String, T> entry) {
        List<T> entries = new ArrayList<>();
        for (String receipt : receipts) {
            entries.add(entry.apply(String.valueOf(entries.size()), receipt));
        }
        return entries;
    }
}
