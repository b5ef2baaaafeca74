package dev.kappa.sources.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.shape.Records;
import dev.kappa.sources.shape.Records.Attribute;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Makes records of messages. */
final class MessageShape {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String arn;
    private final String region;
    private final boolean filtered;

    /**
     * Of a queue.
     *
     * @param arn of it
     * @param region of it
     * @param filtered whether filters look at the messages
     */
    MessageShape(String arn, String region, boolean filtered) {
        this.arn = arn;
        this.region = region;
        this.filtered = filtered;
    }

    SqsQueue.Message message(Message message) {
        Map<String, String> attributes = new TreeMap<>(message.attributesAsStrings());
        Map<String, Attribute> own = new TreeMap<>();
        message.messageAttributes().forEach((name, value) -> own.put(name, attribute(value)));
        String event = Records.sqs(
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                attributes,
                own,
                message.md5OfBody(),
                Optional.ofNullable(message.md5OfMessageAttributes()),
                arn,
                region);
        return new SqsQueue.Message(
                message.receiptHandle(),
                SourceRecord.of(
                        message.messageId(),
                        attributes.getOrDefault("MessageGroupId", ""),
                        Instant.ofEpochMilli(Long.parseLong(attributes.getOrDefault("SentTimestamp", "0"))),
                        event,
                        filtered ? decoded(event, message.body()) : ""));
    }

    /** What filters look at: the record, whose body is looked into if it is JSON. */
    static String decoded(String event, String body) {
        try {
            JsonNode inside = object(body);
            return inside == null
                    ? event
                    : ((ObjectNode) JSON.readTree(event)).set("body", inside).toString();
        } catch (JsonProcessingException e) {
            return event;
        }
    }

    private static @Nullable JsonNode object(String body) throws JsonProcessingException {
        String text = body.stripLeading();
        return text.startsWith("{") || text.startsWith("[") ? JSON.readTree(text) : null;
    }

    private static Attribute attribute(MessageAttributeValue value) {
        return new Attribute(
                value.dataType(),
                Optional.ofNullable(value.stringValue()),
                Optional.ofNullable(value.binaryValue()).map(SdkBytes::asByteArray));
    }
}
