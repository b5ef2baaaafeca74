package dev.kappa.sources.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of records in events: queues, streams and topics, each as Lambda has it; NATS in Kappa's own shape. */
public final class Records {
    private Records() {}

    /**
     * An attribute of a message.
     *
     * @param type String, Number or Binary, perhaps with a label
     * @param text its value unless it is binary
     * @param binary its value if it is
     */
    public record Attribute(String type, Optional<String> text, Optional<byte[]> binary) {}

    /**
     * Of SQS.
     *
     * @param id of the message
     * @param receipt of this delivery
     * @param body text
     * @param attributes of the system, by name
     * @param messageAttributes of the sender, by name
     * @param md5OfBody hexadecimal
     * @param md5OfAttributes of those of the sender, if there are any
     * @param arn of the queue
     * @param region of the queue
     */
    public static String sqs(
            String id,
            String receipt,
            String body,
            Map<String, String> attributes,
            Map<String, Attribute> messageAttributes,
            String md5OfBody,
            Optional<String> md5OfAttributes,
            String arn,
            String region) {
        return RecordJson.object(json -> {
            json.writeStringField("messageId", id);
            json.writeStringField("receiptHandle", receipt);
            json.writeStringField("body", body);
            RecordJson.strings(json, "attributes", attributes);
            json.writeObjectFieldStart("messageAttributes");
            for (Map.Entry<String, Attribute> attribute : messageAttributes.entrySet()) {
                json.writeObjectFieldStart(attribute.getKey());
                attribute(json, attribute.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeStringField("md5OfBody", md5OfBody);
            if (md5OfAttributes.isPresent()) {
                json.writeStringField("md5OfMessageAttributes", md5OfAttributes.get());
            }
            source(json, "aws:sqs", arn, region);
        });
    }

    /**
     * Of Kinesis.
     *
     * @param shard id of the shard
     * @param sequence number of the record
     * @param partitionKey whose order it keeps
     * @param data of the record
     * @param arrivedAt at the stream
     * @param role that reads the stream, an ARN
     * @param arn of the stream
     * @param region of the stream
     */
    public static String kinesis(
            String shard,
            String sequence,
            String partitionKey,
            byte[] data,
            Instant arrivedAt,
            String role,
            String arn,
            String region) {
        return RecordJson.object(json -> {
            json.writeObjectFieldStart("kinesis");
            json.writeStringField("kinesisSchemaVersion", "1.0");
            json.writeStringField("partitionKey", partitionKey);
            json.writeStringField("sequenceNumber", sequence);
            RecordJson.base64(json, "data", data);
            json.writeNumberField("approximateArrivalTimestamp", RecordJson.seconds(arrivedAt));
            json.writeEndObject();
            json.writeStringField("eventVersion", "1.0");
            json.writeStringField("eventID", shard + ":" + sequence);
            json.writeStringField("eventName", "aws:kinesis:record");
            json.writeStringField("invokeIdentityArn", role);
            source(json, "aws:kinesis", arn, region);
        });
    }

    /**
     * Of a DynamoDB stream.
     *
     * @param id of the event
     * @param name INSERT, MODIFY or REMOVE
     * @param change the object {@code dynamodb}, JSON
     * @param userIdentity of a deletion by time to live, JSON
     * @param arn of the stream
     * @param region of the stream
     */
    public static String dynamoDb(
            String id, String name, String change, Optional<String> userIdentity, String arn, String region) {
        return RecordJson.object(json -> {
            json.writeStringField("eventID", id);
            json.writeStringField("eventName", name);
            json.writeStringField("eventVersion", "1.1");
            json.writeFieldName("dynamodb");
            json.writeRawValue(change);
            if (userIdentity.isPresent()) {
                json.writeFieldName("userIdentity");
                json.writeRawValue(userIdentity.get());
            }
            source(json, "aws:dynamodb", arn, region);
        });
    }

    /**
     * Of Kafka.
     *
     * @param topic of the record
     * @param partition its number
     * @param offset in the partition
     * @param timestamp milliseconds since 1970
     * @param timestampType CREATE_TIME or LOG_APPEND_TIME
     * @param key if it has one
     * @param value empty for a tombstone
     * @param headers in order, names may repeat
     */
    public static String kafka(
            String topic,
            int partition,
            long offset,
            long timestamp,
            String timestampType,
            Optional<byte[]> key,
            Optional<byte[]> value,
            List<Map.Entry<String, byte[]>> headers) {
        return RecordJson.object(json -> {
            json.writeStringField("topic", topic);
            json.writeNumberField("partition", partition);
            json.writeNumberField("offset", offset);
            json.writeNumberField("timestamp", timestamp);
            json.writeStringField("timestampType", timestampType);
            if (key.isPresent()) {
                RecordJson.base64(json, "key", key.get());
            }
            if (value.isPresent()) {
                RecordJson.base64(json, "value", value.get());
            }
            json.writeArrayFieldStart("headers");
            for (Map.Entry<String, byte[]> header : headers) {
                json.writeStartObject();
                json.writeArrayFieldStart(header.getKey());
                for (byte octet : header.getValue()) {
                    json.writeNumber(octet);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /**
     * Of NATS.
     *
     * @param subject of the message
     * @param sequence in its stream; none in core NATS
     * @param headers the first value of each
     * @param data of the message
     * @param sentAt when the stream got it
     */
    public static String nats(
            String subject, Optional<Long> sequence, Map<String, String> headers, byte[] data, Instant sentAt) {
        return RecordJson.object(json -> {
            json.writeStringField("eventSource", "kappa:nats");
            json.writeStringField("subject", subject);
            if (sequence.isPresent()) {
                json.writeNumberField("sequence", sequence.get());
            }
            json.writeStringField("timestamp", sentAt.toString());
            RecordJson.strings(json, "headers", headers);
            RecordJson.base64(json, "data", data);
        });
    }

    private static void attribute(JsonGenerator json, Attribute attribute) throws IOException {
        if (attribute.text().isPresent()) {
            json.writeStringField("stringValue", attribute.text().get());
        }
        if (attribute.binary().isPresent()) {
            RecordJson.base64(json, "binaryValue", attribute.binary().get());
        }
        json.writeArrayFieldStart("stringListValues");
        json.writeEndArray();
        json.writeArrayFieldStart("binaryListValues");
        json.writeEndArray();
        json.writeStringField("dataType", attribute.type());
    }

    private static void source(JsonGenerator json, String source, String arn, String region) throws IOException {
        json.writeStringField("eventSource", source);
        json.writeStringField("eventSourceARN", arn);
        json.writeStringField("awsRegion", region);
    }
}
