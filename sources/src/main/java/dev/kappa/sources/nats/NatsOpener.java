package dev.kappa.sources.nats;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.EventBatch;
import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceSpec;
import dev.kappa.api.v1alpha1.NatsSource;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.sources.answer.BatchAnswers;
import dev.kappa.sources.batch.BatchLimits;
import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.batch.StreamEngine;
import dev.kappa.sources.batch.StreamPolicy;
import dev.kappa.sources.guard.HostGuard;
import dev.kappa.sources.invoke.FunctionTarget;
import dev.kappa.sources.shape.Envelope;
import dev.kappa.sources.shape.FailureRecords;
import dev.kappa.sources.streams.CheckpointStore;
import dev.kappa.sources.streams.FailureStore;
import dev.kappa.sources.streams.FunctionFailures;
import dev.kappa.sources.streams.StreamPoller;
import dev.kappa.sources.ticks.EventSink;
import dev.kappa.sources.work.BatchMeters;
import dev.kappa.sources.work.BatchRunner;
import dev.kappa.sources.work.Poller;
import dev.kappa.sources.work.PollingWorker;
import dev.kappa.sources.work.SecretReader;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceFilters;
import dev.kappa.sources.work.SourceProblemException;
import dev.kappa.stores.keys.KeyStore;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Connects streams of JetStream to functions.
 *
 * @param guard says which servers may be asked
 * @param secrets reads their credentials
 * @param keys where checkpoints are kept
 * @param runner runs batches
 * @param events takes the records of failed batches
 * @param accounts name functions
 * @param clock the time
 * @param timer wakes pollers
 * @param meters counts records that filters drop
 */
public record NatsOpener(
        HostGuard guard,
        SecretReader secrets,
        KeyStore keys,
        BatchRunner runner,
        EventSink events,
        Accounts accounts,
        InstantSource clock,
        ScheduledExecutorService timer,
        BatchMeters meters)
        implements PollingWorker.Opener {
    /** Of the condition and of the column Source. */
    public static final String KIND = "NATS";

    private static final int SIZE = 100;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /**
     * The key of a stream's checkpoint.
     *
     * @param uid of the source
     */
    public static String key(String uid) {
        return "nats." + uid;
    }

    /**
     * What a source does, in a sentence.
     *
     * @param source with a stream
     */
    public static String works(EventSource source) {
        NatsSource nats = source.getSpec().nats;
        return "Messages of the stream " + nats.stream + " at " + nats.url + " are taken to "
                + source.getSpec().function + ".";
    }

    @Override
    public Poller open(EventSource source, Signals signals) {
        EventSourceSpec spec = source.getSpec();
        NatsSource nats = spec.nats;
        StreamPolicy policy = policy(spec);
        var filter = SourceFilters.of(spec.filters, meters);
        Connection connection = connect(source);
        try {
            StreamInfo stream = connection.getStreamContext(nats.stream).getStreamInfo();
            CheckpointStore checkpoints = new CheckpointStore(
                    keys,
                    key(source.getMetadata().getUid()),
                    stream.getCreateTime().toInstant().toString());
            String position = position(spec, stream, checkpoints);
            return new StreamPoller(
                    "EventSource " + source.getMetadata().getNamespace() + "/"
                            + source.getMetadata().getName(),
                    new StreamEngine(policy, filter, Checkpoint.at(position), Instant.MAX),
                    new StreamPoller.Parts(
                            new NatsShard(connection, nats.stream, nats.subject, spec.filters != null),
                            checkpoints,
                            failures(source, stream),
                            records -> runner.run(
                                    FunctionTarget.of(source.getMetadata().getNamespace(), spec.function),
                                    Envelope.RECORDS.event(records),
                                    body -> BatchAnswers.read(body, policy.partialAnswers(), false)),
                            failure -> new SourceProblemException(
                                    "Unreachable",
                                    "spec.nats: the stream " + nats.stream + " at " + nats.url + " is not read: "
                                            + failure.getMessage() + ". Kappa tries again."),
                            clock,
                            timer),
                    signals);
        } catch (JetStreamApiException e) {
            close(connection);
            throw new SourceProblemException(
                    e.getErrorCode() == 404 ? "StreamNotFound" : "StreamRefused",
                    "spec.nats.stream: the stream " + nats.stream + " at " + nats.url + " cannot be read: "
                            + e.getMessage() + "; create it, or correct spec.nats.");
        } catch (IOException e) {
            close(connection);
            throw new SourceProblemException("Unreachable", "spec.nats: " + e.getMessage() + ". Kappa tries again.");
        }
    }

    /** Where the newest messages begin is written down before the first of them is awaited: what comes meanwhile is none of the old ones. */
    private static String position(EventSourceSpec spec, StreamInfo stream, CheckpointStore checkpoints)
            throws IOException {
        Optional<String> known = checkpoints.read();
        if (known.isPresent()) {
            return known.get();
        }
        long last = "Earliest".equals(spec.startingPosition)
                ? 0
                : stream.getStreamState().getLastSequence();
        String first = last == 0 ? "" : String.valueOf(last);
        if (!checkpoints.write(first)) {
            throw new IOException("another process begins with the stream");
        }
        return first;
    }

    private static StreamPolicy policy(EventSourceSpec spec) {
        EventBatch batch = spec.batch == null ? new EventBatch() : spec.batch;
        return new StreamPolicy(
                BatchLimits.of(
                        batch.size == null ? SIZE : batch.size,
                        batch.window == null ? Duration.ZERO : Durations.parse(batch.window)),
                spec.retries == null ? -1 : spec.retries,
                Optional.ofNullable(spec.maxRecordAge).map(Durations::parse),
                Boolean.TRUE.equals(spec.bisect),
                Boolean.TRUE.equals(spec.reportBatchItemFailures),
                spec.parallelization == null ? 1 : spec.parallelization,
                Optional.empty());
    }

    /** What is given up without a place for its record is lost, as in Lambda. */
    private FailureStore failures(EventSource source, StreamInfo stream) {
        EventSourceSpec spec = source.getSpec();
        String namespace = source.getMetadata().getNamespace();
        if (spec.onFailure == null) {
            return (batch, last) -> {};
        }
        FunctionTarget failed = FunctionTarget.of(namespace, spec.function);
        return new FunctionFailures(
                source.getMetadata().getUid() + "|" + stream.getCreateTime(),
                FunctionTarget.of(namespace, spec.onFailure.function),
                events,
                new FailureRecords.Place("NatsBatchInfo", spec.nats.stream, spec.nats.url + "/" + spec.nats.stream),
                accounts.arn(new FunctionRef(
                        namespace, failed.name(), failed.qualifier().orElse(null))),
                clock);
    }

    private Connection connect(EventSource source) {
        NatsSource nats = source.getSpec().nats;
        try {
            guard.checkNamed(URI.create(nats.url));
            Options.Builder options = Options.builder()
                    .server(nats.url)
                    .connectionName("kappa")
                    .connectionTimeout(CONNECT)
                    .maxReconnects(-1)
                    .ignoreDiscoveredServers()
                    .errorListener(new ErrorListener() {});
            if (nats.credentials != null) {
                credentials(source, options);
            }
            return Nats.connect(options.build());
        } catch (IOException e) {
            throw new SourceProblemException(
                    e.getMessage() != null && e.getMessage().contains("sources.privateHosts")
                            ? "EndpointRefused"
                            : "Unreachable",
                    "spec.nats.url: " + nats.url + " cannot be used: " + e.getMessage() + ". Kappa tries again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceProblemException("Unreachable", "The process stops.");
        }
    }

    private void credentials(EventSource source, Options.Builder options) {
        String namespace = source.getMetadata().getNamespace();
        String name = source.getSpec().nats.credentials.secretRef.name;
        String object = "spec.nats.credentials.secretRef: Secret " + namespace + "/" + name;
        Map<String, String> texts;
        try {
            texts = secrets.read(namespace, name)
                    .orElseThrow(
                            () -> new SourceProblemException(
                                    "SecretNotFound",
                                    object
                                            + " does not exist; create it with the keys NATS_USER and NATS_PASSWORD, or NATS_TOKEN."));
        } catch (IOException e) {
            throw new SourceProblemException("SecretNotReadable", object + ": " + e.getMessage());
        }
        String token = texts.getOrDefault("NATS_TOKEN", "").strip();
        String user = texts.getOrDefault("NATS_USER", "").strip();
        if (!token.isEmpty()) {
            options.token(token.toCharArray());
        } else if (!user.isEmpty()) {
            options.userInfo(user, texts.getOrDefault("NATS_PASSWORD", "").strip());
        } else {
            throw new SourceProblemException(
                    "SecretIncomplete", object + " has neither NATS_USER nor NATS_TOKEN; add one.");
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
