package dev.kappa.sources.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.batch.SourceRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Writes the records of batches that were given up, as Lambda's on-failure destinations get them. */
public final class FailureRecords {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int RAN = 200;

    private FailureRecords() {}

    /**
     * What ran, or should have.
     *
     * @param requestId of the last run
     * @param functionArn with its qualifier
     * @param executedVersion number or $LATEST
     */
    public record Run(String requestId, String functionArn, String executedVersion) {}

    /**
     * Where the batch is.
     *
     * @param member name of the object, KinesisBatchInfo or DDBStreamBatchInfo
     * @param shard id of the shard
     * @param streamArn of the stream
     */
    public record Place(String member, String shard, String streamArn) {}

    /**
     * The record.
     *
     * @param batch that was given up
     * @param run of it
     * @param place of it
     * @param payload the event, which only buckets get
     * @param now when it was given up
     * @return JSON
     */
    public static String json(FailedBatch batch, Run run, Place place, Optional<String> payload, Instant now) {
        return RecordJson.object(json -> {
            json.writeObjectFieldStart("requestContext");
            json.writeStringField("requestId", run.requestId());
            json.writeStringField("functionArn", run.functionArn());
            json.writeStringField("condition", batch.condition().text());
            json.writeNumberField("approximateInvokeCount", batch.invocations());
            json.writeEndObject();
            if (batch.answer().isPresent()) {
                json.writeObjectFieldStart("responseContext");
                json.writeNumberField("statusCode", RAN);
                json.writeStringField("executedVersion", run.executedVersion());
                // Null after a partial answer.
                json.writeStringField("functionError", batch.functionError().orElse(null));
                json.writeEndObject();
            }
            json.writeStringField("version", "1.0");
            json.writeStringField("timestamp", TIME.format(now));
            json.writeObjectFieldStart(place.member());
            info(json, batch, place);
            json.writeEndObject();
            if (payload.isPresent()) {
                json.writeStringField("payload", payload.get());
            }
        });
    }

    private static void info(JsonGenerator json, FailedBatch batch, Place place) throws IOException {
        json.writeStringField("shardId", place.shard());
        json.writeStringField("startSequenceNumber", batch.start());
        json.writeStringField("endSequenceNumber", batch.end());
        if (!batch.records().isEmpty()) {
            json.writeStringField(
                    "approximateArrivalOfFirstRecord", arrival(batch.records().getFirst()));
            json.writeStringField(
                    "approximateArrivalOfLastRecord", arrival(batch.records().getLast()));
        }
        json.writeNumberField("batchSize", batch.records().size());
        json.writeStringField("streamArn", place.streamArn());
    }

    private static String arrival(SourceRecord record) {
        return TIME.format(record.arrivedAt());
    }
}
