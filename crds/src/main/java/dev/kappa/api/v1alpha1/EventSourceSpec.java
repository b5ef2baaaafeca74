package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Which function gets events, and where they come from: exactly one source. */
@ValidationRule(
        value = "(has(self.schedule) ? 1 : 0) + (has(self.sqs) ? 1 : 0) + (has(self.nats) ? 1 : 0)"
                + " + (has(self.kafka) ? 1 : 0) == 1",
        messageExpression =
                "'spec: give exactly one source, which is schedule, sqs, nats or kafka, but the source of %s has%s%s%s%s%s'"
                        + ".format([self.__function__, has(self.schedule) ? ' schedule' : '', has(self.sqs) ? ' sqs' : '', "
                        + "has(self.nats) ? ' nats' : '', has(self.kafka) ? ' kafka' : '', "
                        + "has(self.schedule) || has(self.sqs) || has(self.nats) || has(self.kafka) ? '' : ' none'])")
@ValidationRule(
        value = "!has(self.schedule) || !has(self.batch) && !has(self.filters) && !has(self.reportBatchItemFailures)",
        messageExpression = "'spec: a schedule has one event a tick, so leave out%s%s%s'"
                + ".format([has(self.batch) ? ' batch' : '', has(self.filters) ? ' filters' : '', "
                + "has(self.reportBatchItemFailures) ? ' reportBatchItemFailures' : ''])")
@ValidationRule(
        value = "has(self.sqs) || !has(self.maxConcurrency)",
        messageExpression = "'spec.maxConcurrency: only sqs has it; a stream has parallelization; remove %s'"
                + ".format([string(self.maxConcurrency)])")
@ValidationRule(
        value =
                "has(self.nats) || has(self.kafka) || !has(self.startingPosition) && !has(self.retries) && !has(self.maxRecordAge)"
                        + " && !has(self.bisect) && !has(self.parallelization) && !has(self.onFailure)",
        messageExpression = "'spec: only a stream (nats, kafka) has%s%s%s%s%s%s; a queue has its own redrive policy'"
                + ".format([has(self.startingPosition) ? ' startingPosition' : '', has(self.retries) ? ' retries' : '', "
                + "has(self.maxRecordAge) ? ' maxRecordAge' : '', has(self.bisect) ? ' bisect' : '', "
                + "has(self.parallelization) ? ' parallelization' : '', has(self.onFailure) ? ' onFailure' : ''])")
@ValidationRule(
        value = "!has(self.sqs) || !self.sqs.queue.endsWith('.fifo') || !has(self.batch)"
                + " || !has(self.batch.window) && (!has(self.batch.size) || self.batch.size <= 10)",
        messageExpression =
                "'spec.batch: a FIFO queue has batches of 10 at most and no window, but the batch of %s has %s'"
                        + ".format([self.sqs.queue, has(self.batch.window) ? 'a window' : string(self.batch.size)])")
@ValidationRule(
        value = "!has(self.sqs) || !has(self.batch) || !has(self.batch.size) || self.batch.size <= 10"
                + " || has(self.batch.window) && duration(self.batch.window) >= duration('1s')",
        messageExpression =
                "'spec.batch.size: more than 10 need a batch.window of 1s at least, in which they are gathered,"
                        + " but size is %s'.format([string(self.batch.size)])")
@ValidationRule(
        value = "!has(self.kafka) || !has(self.parallelization)",
        messageExpression =
                "'spec.parallelization: a topic has as many batches at once as it has partitions; remove %s'"
                        + ".format([string(self.parallelization)])")
@ValidationRule(
        value = "has(self.startingTime) == (has(self.startingPosition) && self.startingPosition == 'AtTimestamp')"
                + " && (has(self.kafka) || !has(self.startingTime))",
        messageExpression =
                "'spec.startingTime: it goes with kafka and startingPosition AtTimestamp, and that with it, but only %s is given'"
                        + ".format([has(self.startingTime) ? 'startingTime' : 'startingPosition'])")
@JsonIgnoreProperties(ignoreUnknown = true)
public class EventSourceSpec {
    /** A function of the same namespace: its name, or the name, a dot and an alias or version. */
    @Required
    @Size(min = 1, max = Limits.QUALIFIED_NAME)
    @Pattern(Limits.QUALIFIED_PATTERN)
    public String function;

    /** False pauses the source; what a schedule would have sent meanwhile is not made up for. */
    @Default("true")
    public Boolean enabled;

    /** Sends an event at each tick. */
    public ScheduleSource schedule;

    /** Takes the messages of a queue to the function. */
    public SqsSource sqs;

    /** Takes the messages of a stream to the function. */
    public NatsSource nats;

    /** Takes the records of topics to the function. */
    public KafkaSource kafka;

    /** How many records the function gets at once. */
    public EventBatch batch;

    /** A record reaches the function if it matches one of these; others are taken off the queue without a run. */
    @Size(max = 5)
    public List<EventFilter> filters;

    /** Whether the function answers with the records that failed, as batchItemFailures: the others are done then. */
    public Boolean reportBatchItemFailures;

    /** Batches that run at once at most; without it 100. */
    @Min(1)
    @Max(1000)
    public Integer maxConcurrency;

    /**
     * Where a stream is read from at first: Latest skips what is there when the source is made; Earliest does not; AtTimestamp
     * skips what is older than startingTime.
     */
    @ValidationRule(
            value = "self in ['Latest', 'Earliest', 'AtTimestamp']",
            messageExpression =
                    "'spec.startingPosition: must be Latest, Earliest or AtTimestamp, but is %s'.format([self])")
    @Size(max = 20)
    public String startingPosition;

    /** Records of Kafka from this time on, RFC 3339. */
    @Pattern(ScheduleSource.TIME)
    @Size(max = 40)
    public String startingTime;

    /** How often a batch that failed is run again; without it until it is done. */
    @Min(0)
    @Max(10000)
    public Integer retries;

    /** Older records are given up: a number and one of s, m, h. */
    @Pattern("^[0-9]{1,6}[smh]$")
    public String maxRecordAge;

    /** Whether a batch that fails is halved and run again, which costs no retry. */
    public Boolean bisect;

    /** Batches of a stream that run at once, each with subjects of its own; without it 1. */
    @Min(1)
    @Max(10)
    public Integer parallelization;

    /** Gets the record of a batch that is given up; without it that is lost. */
    public SourceFailure onFailure;

    /** A function of the same namespace that gets the record of a failed batch as an asynchronous event. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class SourceFailure {
        /** The function: its name, or the name, a dot and an alias or version. */
        @Required
        @Size(min = 1, max = Limits.QUALIFIED_NAME)
        @Pattern(Limits.QUALIFIED_PATTERN)
        public String function;
    }
}
