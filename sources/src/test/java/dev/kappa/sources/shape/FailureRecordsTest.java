package dev.kappa.sources.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.Answer;
import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.batch.FailedBatch.Condition;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.shape.FailureRecords.Place;
import dev.kappa.sources.shape.FailureRecords.Run;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureRecordsTest {
    private static final Instant NOW = Instant.parse("2019-11-14T00:38:06.021Z");
    private static final Run RUN = new Run("316aa6d0", "arn:aws:lambda:us-east-2:123456789012:function:f", "$LATEST");
    private static final Place PLACE = new Place("KinesisBatchInfo", "shardId-000000000001", "arn:aws:kinesis:x");
    private static final String INFO = "\"KinesisBatchInfo\":{\"shardId\":\"shardId-000000000001\","
            + "\"startSequenceNumber\":\"7\",\"endSequenceNumber\":\"9\","
            + "\"approximateArrivalOfFirstRecord\":\"2019-11-14T00:38:04.000Z\","
            + "\"approximateArrivalOfLastRecord\":\"2019-11-14T00:38:05.500Z\",\"batchSize\":2,"
            + "\"streamArn\":\"arn:aws:kinesis:x\"}";

    @Test
    void afterTheLastRetry() {
        assertThat(json(batch(Condition.RETRY_ATTEMPTS_EXHAUSTED, new Answer.FunctionError("Unhandled"))))
                .isEqualTo("{\"requestContext\":{\"requestId\":\"316aa6d0\","
                        + "\"functionArn\":\"arn:aws:lambda:us-east-2:123456789012:function:f\","
                        + "\"condition\":\"RetryAttemptsExhausted\",\"approximateInvokeCount\":3},"
                        + "\"responseContext\":{\"statusCode\":200,\"executedVersion\":\"$LATEST\","
                        + "\"functionError\":\"Unhandled\"},\"version\":\"1.0\","
                        + "\"timestamp\":\"2019-11-14T00:38:06.021Z\"," + INFO + "}");
    }

    @Test
    void afterAPartialAnswerTheErrorIsNull() {
        assertThat(json(batch(Condition.RETRY_ATTEMPTS_EXHAUSTED, new Answer.Partial(List.of("7"), Optional.empty()))))
                .contains("\"executedVersion\":\"$LATEST\",\"functionError\":null},");
    }

    @Test
    void ofRecordsThatAreTooOldThereIsNoAnswer() {
        FailedBatch old = batch(Condition.RECORD_AGE_EXCEEDED, null);

        assertThat(json(old)).contains("\"condition\":\"RecordAgeExceeded\"").doesNotContain("responseContext");
    }

    @Test
    void bucketsGetTheEventToo() {
        FailedBatch old = batch(Condition.RECORD_AGE_EXCEEDED, null);

        assertThat(FailureRecords.json(old, RUN, PLACE, Optional.of("{\"a\":1}"), NOW))
                .endsWith(INFO + ",\"payload\":\"{\\\"a\\\":1}\"}");
    }

    private static String json(FailedBatch batch) {
        return FailureRecords.json(batch, RUN, PLACE, Optional.empty(), NOW);
    }

    private static FailedBatch batch(Condition condition, @org.jspecify.annotations.Nullable Answer answer) {
        return new FailedBatch(
                condition,
                List.of(record("7", NOW.minusMillis(2021)), record("9", NOW.minusMillis(521))),
                3,
                Optional.ofNullable(answer));
    }

    private static SourceRecord record(String id, Instant arrivedAt) {
        return SourceRecord.of(id, "", arrivedAt, "{}", "{}");
    }
}
