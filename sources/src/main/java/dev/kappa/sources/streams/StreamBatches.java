package dev.kappa.sources.streams;

import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.work.Signals;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the batches of one shard or partition, and keeps those that are given up. */
public final class StreamBatches {
    private static final Logger LOG = LoggerFactory.getLogger(StreamBatches.class);

    private final String name;
    private final Function<List<SourceRecord>, BatchRun> runs;
    private final FailureStore failures;
    private final Signals signals;
    private volatile BatchRun last = BatchRun.NONE;

    /**
     * None ran yet.
     *
     * @param name for logs
     * @param runs runs a batch
     * @param failures keeps what is given up
     * @param signals hears of it
     */
    public StreamBatches(
            String name, Function<List<SourceRecord>, BatchRun> runs, FailureStore failures, Signals signals) {
        this.name = name;
        this.runs = runs;
        this.failures = failures;
        this.signals = signals;
    }

    /**
     * Runs one; may take as long as its function.
     *
     * @param records of the batch
     * @return how it ended
     */
    public BatchRun run(List<SourceRecord> records) {
        BatchRun ended = runs.apply(records);
        signals.ended(ended, records.size());
        last = ended;
        return ended;
    }

    /**
     * Keeps the record of one that is given up.
     *
     * @param batch that failed in the run before
     * @return whether it is stored; else it has to be tried again
     */
    public boolean store(FailedBatch batch) {
        try {
            failures.store(batch, last);
            return true;
        } catch (IOException e) {
            LOG.warn("{}: the record of a failed batch is not stored yet: {}", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
