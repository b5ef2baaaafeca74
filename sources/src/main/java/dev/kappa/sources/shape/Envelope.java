package dev.kappa.sources.shape;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.kappa.sources.batch.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What an event has around its records.
 *
 * @param before the first record
 * @param after the last record
 */
public record Envelope(String before, String after) {
    /** {@code {"Records":[…]}}. */
    public static final Envelope RECORDS = new Envelope("{\"Records\":[", "]}");

    /**
     * Of records of one partition of Kafka.
     *
     * @param arn of a managed cluster; a self-managed one has none
     * @param servers host:port with commas
     * @param topic of the partition
     * @param partition its number
     */
    public static Envelope kafka(Optional<String> arn, String servers, String topic, int partition) {
        String source =
                arn.map(it -> "\"aws:kafka\",\"eventSourceArn\":" + quoted(it)).orElse("\"SelfManagedKafka\"");
        return new Envelope(
                "{\"eventSource\":" + source + ",\"bootstrapServers\":" + quoted(servers) + ",\"records\":{"
                        + quoted(topic + "-" + partition) + ":[",
                "]}}");
    }

    /** Bytes of the event without records, for the limits of a batch. */
    public int bytes() {
        return (before + after).getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * The event.
     *
     * @param records of the batch
     */
    public String event(List<SourceRecord> records) {
        int length = before.length() + after.length() + records.size();
        for (SourceRecord record : records) {
            length += record.event().length();
        }
        StringBuilder event = new StringBuilder(length).append(before);
        String separator = "";
        for (SourceRecord record : records) {
            event.append(separator).append(record.event());
            separator = ",";
        }
        return event.append(after).toString();
    }

    private static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }
}
