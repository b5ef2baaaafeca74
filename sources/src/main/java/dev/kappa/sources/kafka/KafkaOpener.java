package dev.kappa.sources.kafka;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.EventBatch;
import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceSpec;
import dev.kappa.api.v1alpha1.KafkaSource;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.Quotas;
import dev.kappa.sources.answer.BatchAnswers;
import dev.kappa.sources.batch.BatchLimits;
import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.batch.RecordFilter;
import dev.kappa.sources.batch.StreamEngine;
import dev.kappa.sources.batch.StreamPolicy;
import dev.kappa.sources.guard.HostGuard;
import dev.kappa.sources.invoke.FunctionTarget;
import dev.kappa.sources.shape.Envelope;
import dev.kappa.sources.shape.FailureRecords;
import dev.kappa.sources.streams.FailureStore;
import dev.kappa.sources.streams.FunctionFailures;
import dev.kappa.sources.ticks.EventSink;
import dev.kappa.sources.work.BatchMeters;
import dev.kappa.sources.work.BatchRunner;
import dev.kappa.sources.work.Poller;
import dev.kappa.sources.work.PollingWorker;
import dev.kappa.sources.work.SecretReader;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceFilters;
import dev.kappa.sources.work.SourceProblemException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Connects topics of Kafka to functions.
 *
 * @param guard says which brokers may be asked
 * @param secrets reads their credentials
 * @param runner runs batches
 * @param events takes the records of failed batches
 * @param accounts name functions
 * @param clock the time
 * @param timer wakes readers
 * @param meters counts records that filters drop
 */
public record KafkaOpener(
        HostGuard guard,
        SecretReader secrets,
        BatchRunner runner,
        EventSink events,
        Accounts accounts,
        InstantSource clock,
        ScheduledExecutorService timer,
        BatchMeters meters)
        implements PollingWorker.Opener {
    /** Of the condition and of the column Source. */
    public static final String KIND = "Kafka";

    private static final int SIZE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What a source does, in a sentence.
     *
     * @param source with topics
     */
    public static String works(EventSource source) {
        return "Records of " + String.join(", ", source.getSpec().kafka.topics) + " at " + brokers(source)
                + " are taken to " + source.getSpec().function + ", by the group " + ConsumerSettings.group(source)
                + ".";
    }

    @Override
    public Poller open(EventSource source, Signals signals) {
        EventSourceSpec spec = source.getSpec();
        RecordFilter filter = SourceFilters.of(spec.filters, meters);
        check(spec.kafka);
        Map<String, Object> settings = ConsumerSettings.of(source, secret(source));
        String name = "EventSource " + source.getMetadata().getNamespace() + "/"
                + source.getMetadata().getName();
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(settings);
            new StartOffsets(consumer, spec, PATIENCE).commit();
            return new KafkaPoller(
                    name,
                    consumer,
                    new KafkaPoller.Parts(
                            spec.kafka.topics,
                            spec.filters != null,
                            partition -> reader(name, source, filter, partition, signals),
                            failure -> KafkaProblem.of(failure, brokers(source))),
                    signals);
        } catch (RuntimeException e) {
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
            throw KafkaProblem.of(e, brokers(source));
        }
    }

    private PartitionReader reader(
            String name, EventSource source, RecordFilter filter, TopicPartition partition, Signals signals) {
        EventSourceSpec spec = source.getSpec();
        Envelope envelope = Envelope.kafka(Optional.empty(), brokers(source), partition.topic(), partition.partition());
        StreamPolicy policy = policy(spec, envelope);
        FunctionTarget function = FunctionTarget.of(source.getMetadata().getNamespace(), spec.function);
        return new PartitionReader(
                name + " " + partition,
                new StreamEngine(policy, filter, Checkpoint.at(""), Instant.MAX),
                new PartitionReader.Parts(
                        failures(source, partition),
                        records -> runner.run(
                                function,
                                envelope.event(records),
                                body -> BatchAnswers.ofPartition(body, policy.partialAnswers(), partition.toString())),
                        clock,
                        timer),
                signals);
    }

    private static StreamPolicy policy(EventSourceSpec spec, Envelope envelope) {
        EventBatch batch = spec.batch == null ? new EventBatch() : spec.batch;
        return new StreamPolicy(
                        new BatchLimits(
                                batch.size == null ? SIZE : batch.size,
                                batch.window == null ? Duration.ZERO : Durations.parse(batch.window),
                                envelope.bytes(),
                                Quotas.SYNC_PAYLOAD_BYTES),
                        spec.retries == null ? -1 : spec.retries,
                        Optional.ofNullable(spec.maxRecordAge).map(Durations::parse),
                        Boolean.TRUE.equals(spec.bisect),
                        Boolean.TRUE.equals(spec.reportBatchItemFailures),
                        1,
                        Optional.empty())
                .ofKafka(spec.onFailure != null);
    }

    /** What is given up without a place for its record is lost, as in Lambda. */
    private FailureStore failures(EventSource source, TopicPartition partition) {
        EventSourceSpec spec = source.getSpec();
        String namespace = source.getMetadata().getNamespace();
        if (spec.onFailure == null) {
            return (batch, last) -> {};
        }
        FunctionTarget failed = FunctionTarget.of(namespace, spec.function);
        return new FunctionFailures(
                source.getMetadata().getUid(),
                FunctionTarget.of(namespace, spec.onFailure.function),
                events,
                new FailureRecords.Place("KafkaBatchInfo", partition.toString(), brokers(source)),
                accounts.arn(new FunctionRef(
                        namespace, failed.name(), failed.qualifier().orElse(null))),
                clock);
    }

    /** Brokers name others, which the client connects to by itself. */
    private void check(KafkaSource kafka) {
        for (String server : kafka.bootstrapServers) {
            try {
                guard.checkNamed(URI.create("kafka://" + server));
            } catch (IOException | IllegalArgumentException e) {
                throw new SourceProblemException(
                        "EndpointRefused",
                        "spec.kafka.bootstrapServers: " + server + " cannot be used: " + e.getMessage()
                                + ". Kappa tries again.");
            }
        }
    }

    private Map<String, String> secret(EventSource source) {
        if (source.getSpec().kafka.credentials == null) {
            return Map.of();
        }
        String namespace = source.getMetadata().getNamespace();
        String name = source.getSpec().kafka.credentials.secretRef.name;
        String object = "spec.kafka.credentials.secretRef: Secret " + namespace + "/" + name;
        try {
            return secrets.read(namespace, name)
                    .orElseThrow(() -> new SourceProblemException(
                            "SecretNotFound",
                            object + " does not exist; create it with the keys KAFKA_USER and KAFKA_PASSWORD."));
        } catch (IOException e) {
            throw new SourceProblemException("SecretNotReadable", object + ": " + e.getMessage());
        }
    }

    private static String brokers(EventSource source) {
        return String.join(",", source.getSpec().kafka.bootstrapServers);
    }
}
