package dev.kappa.sources.batch;

import java.util.List;
import java.util.Optional;

/**
 * A batch that is given up, for its failure record.
 *
 * @param condition why
 * @param records of the batch, empty for a window's last run
 * @param invocations how often its first record was at the head of a failure
 * @param answer the last one; none if the records grew too old
 */
public record FailedBatch(Condition condition, List<SourceRecord> records, int invocations, Optional<Answer> answer) {
    /** As Lambda's failure records say it. */
    public enum Condition {
        /** The function failed once more than it is retried. */
        RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
        /** The records are older than they may be. */
        RECORD_AGE_EXCEEDED("RecordAgeExceeded");

        private final String text;

        Condition(String text) {
            this.text = text;
        }

        /** In the record. */
        public String text() {
            return text;
        }
    }

    /** Copies the records. */
    public FailedBatch {
        records = List.copyOf(records);
    }

    /** Id of the first record, "" for none. */
    public String start() {
        return records.isEmpty() ? "" : records.getFirst().id();
    }

    /** Id of the last record, "" for none. */
    public String end() {
        return records.isEmpty() ? "" : records.getLast().id();
    }

    /** What the function answered, as the record has it: none after a partial answer, and if it was not asked. */
    public Optional<String> functionError() {
        return answer.map(it -> it instanceof Answer.FunctionError failed ? failed.error() : null);
    }
}
