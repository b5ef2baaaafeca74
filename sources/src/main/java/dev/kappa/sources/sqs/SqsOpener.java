package dev.kappa.sources.sqs;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.EventBatch;
import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceSpec;
import dev.kappa.api.v1alpha1.SqsSource;
import dev.kappa.sources.answer.BatchAnswers;
import dev.kappa.sources.batch.QueueEngine;
import dev.kappa.sources.batch.QueuePolicy;
import dev.kappa.sources.batch.RecordFilter;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.guard.GuardedHttp;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.invoke.FunctionTarget;
import dev.kappa.sources.shape.Envelope;
import dev.kappa.sources.work.BatchMeters;
import dev.kappa.sources.work.BatchRunner;
import dev.kappa.sources.work.Poller;
import dev.kappa.sources.work.PollingWorker;
import dev.kappa.sources.work.SecretReader;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceFilters;
import dev.kappa.sources.work.SourceProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Connects queues of SQS to functions.
 *
 * @param http reaches their servers
 * @param secrets reads their credentials
 * @param runner runs batches
 * @param clock the time
 * @param timer wakes pollers
 * @param region of the installation
 * @param meters counts records that filters drop
 */
public record SqsOpener(
        GuardedHttp http,
        SecretReader secrets,
        BatchRunner runner,
        InstantSource clock,
        ScheduledExecutorService timer,
        String region,
        BatchMeters meters)
        implements PollingWorker.Opener {
    /** Of the condition and of the column Source. */
    public static final String KIND = "SQS";

    private static final int SIZE = 10;
    private static final int AT_ONCE = 100;

    /**
     * What a source does, in a sentence.
     *
     * @param source with a queue
     */
    public static String works(EventSource source) {
        return "Messages of " + source.getSpec().sqs.queue + " are taken to " + source.getSpec().function + ".";
    }

    @Override
    public Poller open(EventSource source, Signals signals) {
        EventSourceSpec spec = source.getSpec();
        try {
            QueueAddress address = QueueAddress.of(spec.sqs, region);
            http.check(address.endpoint());
            RecordFilter filter = SourceFilters.of(spec.filters, meters);
            SqsQueue queue = queue(source, address);
            return new QueuePoller(
                    "EventSource " + source.getMetadata().getNamespace() + "/"
                            + source.getMetadata().getName(),
                    new QueueEngine(policy(spec, address, queue.visibility()), filter),
                    queue,
                    runs(source),
                    signals,
                    failure -> SqsProblem.of(failure, address),
                    clock,
                    timer);
        } catch (IOException e) {
            throw new SourceProblemException("EndpointRefused", "spec.sqs: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new SourceProblemException("InvalidSource", "spec: " + e.getMessage());
        }
    }

    private SqsQueue queue(EventSource source, QueueAddress address) {
        SqsClient client = SqsClient.builder()
                .httpClient(http)
                .endpointOverride(address.endpoint())
                .region(Region.of(address.region()))
                .credentialsProvider(credentials(source))
                .overrideConfiguration(it -> it.retryStrategy(RetryMode.STANDARD))
                .build();
        try {
            return new SqsQueue(client, address, source.getSpec().filters != null);
        } catch (RuntimeException e) {
            throw SqsProblem.of(e, address);
        }
    }

    private AwsCredentialsProvider credentials(EventSource source) {
        SqsSource sqs = source.getSpec().sqs;
        return sqs.credentials == null
                ? AnonymousCredentialsProvider.create()
                : new SecretCredentials(
                        secrets, clock, source.getMetadata().getNamespace(), sqs.credentials.secretRef.name);
    }

    private static QueuePolicy policy(EventSourceSpec spec, QueueAddress address, Duration visibility) {
        EventBatch batch = spec.batch == null ? new EventBatch() : spec.batch;
        return QueuePolicy.sqs(
                batch.size == null ? SIZE : batch.size,
                batch.window == null ? Duration.ZERO : Durations.parse(batch.window),
                spec.maxConcurrency == null ? AT_ONCE : spec.maxConcurrency,
                address.isFifo(),
                Boolean.TRUE.equals(spec.reportBatchItemFailures),
                visibility);
    }

    private Function<List<SourceRecord>, BatchRun> runs(EventSource source) {
        FunctionTarget function = FunctionTarget.of(source.getMetadata().getNamespace(), source.getSpec().function);
        boolean partial = Boolean.TRUE.equals(source.getSpec().reportBatchItemFailures);
        return records ->
                runner.run(function, Envelope.RECORDS.event(records), body -> BatchAnswers.read(body, partial, false));
    }
}
