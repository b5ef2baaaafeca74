package dev.kappa.sources.kafka;

import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.shape.FilterText;
import dev.kappa.sources.shape.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;

/** Makes of Kafka's records what events have. */
final class KafkaRecords {
    private static final byte[] NONE = {};

    private KafkaRecords() {}

    static SourceRecord of(ConsumerRecord<byte[], byte[]> record, boolean filtered) {
        List<Map.Entry<String, byte[]>> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(Map.entry(header.key(), header.value() == null ? NONE : header.value()));
        }
        String event = Records.kafka(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType() == TimestampType.LOG_APPEND_TIME ? "LOG_APPEND_TIME" : "CREATE_TIME",
                Optional.ofNullable(record.key()),
                Optional.ofNullable(record.value()),
                headers);
        return SourceRecord.of(
                String.valueOf(record.offset()),
                "",
                Instant.ofEpochMilli(Math.max(0, record.timestamp())),
                event,
                filtered ? FilterText.of(event, payloads(record)) : "");
    }

    private static Map<String, byte[]> payloads(ConsumerRecord<byte[], byte[]> record) {
        Map<String, byte[]> payloads = new HashMap<>();
        if (record.key() != null) {
            payloads.put("key", record.key());
        }
        if (record.value() != null) {
            payloads.put("value", record.value());
        }
        return payloads;
    }
}
