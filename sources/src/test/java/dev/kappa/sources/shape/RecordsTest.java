package dev.kappa.sources.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.JsonPayload;
import dev.kappa.sources.batch.BatchLimits;
import dev.kappa.sources.batch.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records as AWS's samples have them, and the bytes that the limits count. */
class RecordsTest {
    private static final Instant AT = Instant.ofEpochMilli(1545084650987L);

    @Test
    void sqs() {
        String record = Records.sqs(
                "059f36b4",
                "AQEBwJnK",
                "Tést \"1\"",
                Map.of("ApproximateReceiveCount", "1"),
                Map.of("a", new Records.Attribute("String", Optional.of("x"), Optional.empty())),
                "098f6bcd",
                Optional.of("e4e68fb7"),
                "arn:aws:sqs:us-east-2:123456789012:my-queue",
                "us-east-2");

        assertThat(record)
                .isEqualTo(
                        "{\"messageId\":\"059f36b4\",\"receiptHandle\":\"AQEBwJnK\",\"body\":\"Tést \\\"1\\\"\","
                                + "\"attributes\":{\"ApproximateReceiveCount\":\"1\"},"
                                + "\"messageAttributes\":{\"a\":{\"stringValue\":\"x\",\"stringListValues\":[],"
                                + "\"binaryListValues\":[],\"dataType\":\"String\"}},"
                                + "\"md5OfBody\":\"098f6bcd\",\"md5OfMessageAttributes\":\"e4e68fb7\",\"eventSource\":\"aws:sqs\","
                                + "\"eventSourceARN\":\"arn:aws:sqs:us-east-2:123456789012:my-queue\",\"awsRegion\":\"us-east-2\"}");
    }

    @Test
    void kinesis() {
        assertThat(kinesis("Hello".getBytes(UTF_8)))
                .isEqualTo(
                        "{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\",\"partitionKey\":\"1\","
                                + "\"sequenceNumber\":\"4959\",\"data\":\"SGVsbG8=\","
                                + "\"approximateArrivalTimestamp\":1545084650.987},\"eventVersion\":\"1.0\","
                                + "\"eventID\":\"shardId-000000000006:4959\",\"eventName\":\"aws:kinesis:record\","
                                + "\"invokeIdentityArn\":\"arn:aws:iam::123456789012:role/r\",\"eventSource\":\"aws:kinesis\","
                                + "\"eventSourceARN\":\"arn:aws:kinesis:us-east-2:123456789012:stream/s\",\"awsRegion\":\"us-east-2\"}");
    }

    @Test
    void dynamoDb() {
        assertThat(Records.dynamoDb(
                        "1", "INSERT", "{\"Keys\":{\"Id\":{\"N\":\"101\"}}}", Optional.empty(), "arn:x", "r"))
                .isEqualTo("{\"eventID\":\"1\",\"eventName\":\"INSERT\",\"eventVersion\":\"1.1\","
                        + "\"dynamodb\":{\"Keys\":{\"Id\":{\"N\":\"101\"}}},\"eventSource\":\"aws:dynamodb\","
                        + "\"eventSourceARN\":\"arn:x\",\"awsRegion\":\"r\"}");
        assertThat(Records.dynamoDb("1", "REMOVE", "{}", Optional.of("{\"type\":\"Service\"}"), "arn:x", "r"))
                .contains(",\"userIdentity\":{\"type\":\"Service\"},");
    }

    @Test
    void kafka() {
        String record = Records.kafka(
                "t",
                0,
                15,
                1545084650987L,
                "CREATE_TIME",
                Optional.empty(),
                Optional.of("Hello".getBytes(UTF_8)),
                List.of(Map.entry("h", new byte[] {104, -1})));

        assertThat(record)
                .isEqualTo("{\"topic\":\"t\",\"partition\":0,\"offset\":15,\"timestamp\":1545084650987,"
                        + "\"timestampType\":\"CREATE_TIME\",\"value\":\"SGVsbG8=\",\"headers\":[{\"h\":[104,-1]}]}");
        assertThat(Envelope.kafka(Optional.of("arn:x"), "a:1,b:1", "t", 0).event(List.of(of(record))))
                .isEqualTo(
                        "{\"eventSource\":\"aws:kafka\",\"eventSourceArn\":\"arn:x\",\"bootstrapServers\":\"a:1,b:1\","
                                + "\"records\":{\"t-0\":[" + record + "]}}");
        assertThat(Envelope.kafka(Optional.empty(), "a:1", "t", 0).before())
                .startsWith("{\"eventSource\":\"SelfManagedKafka\",");
    }

    @Test
    void nats() {
        assertThat(Records.nats("orders.eu", Optional.of(7L), Map.of("Nats-Msg-Id", "a"), "x".getBytes(UTF_8), AT))
                .isEqualTo(
                        "{\"eventSource\":\"kappa:nats\",\"subject\":\"orders.eu\",\"sequence\":7,"
                                + "\"timestamp\":\"2018-12-17T22:10:50.987Z\",\"headers\":{\"Nats-Msg-Id\":\"a\"},\"data\":\"eA==\"}");
    }

    @Test
    void theLimitsCountTheGrowthByBase64ToTheByte() {
        // Records of 48 KiB: 6 MiB have room for 128 of them as they are, and for 95 as the event has them.
        List<SourceRecord> records = java.util.Collections.nCopies(200, of(kinesis(new byte[48 * 1024])));
        BatchLimits limits = BatchLimits.of(10_000, Duration.ZERO);
        int fitting = java.util.stream.IntStream.rangeClosed(1, 200)
                .filter(count ->
                        Envelope.RECORDS.event(records.subList(0, count)).getBytes(UTF_8).length <= limits.bytes())
                .max()
                .orElseThrow();

        assertThat(fitting).isEqualTo(95);
        assertThat(limits.fitting(records, 0)).isEqualTo(95);
        assertThat(Envelope.RECORDS.bytes()).isEqualTo(BatchLimits.RECORDS);
        JsonPayload.check(Envelope.RECORDS.event(records).getBytes(UTF_8));
    }

    private static String kinesis(byte[] data) {
        return Records.kinesis(
                "shardId-000000000006",
                "4959",
                "1",
                data,
                AT,
                "arn:aws:iam::123456789012:role/r",
                "arn:aws:kinesis:us-east-2:123456789012:stream/s",
                "us-east-2");
    }

    private static SourceRecord of(String event) {
        return SourceRecord.of("1", "", AT, event, "{}");
    }
}
