package dev.kappa.sources.batch;

import java.util.List;
import java.util.Optional;

/** What the engine of a shard asks for. */
public sealed interface StreamCommand {
    /**
     * Fetch what follows; the answer is {@code fetched}, {@code fetchFailed} or {@code ended}.
     *
     * @param after id of the last record that was fetched, "" for none
     * @param records at most
     */
    record Fetch(String after, int records) implements StreamCommand {}

    /**
     * Run a batch; the answer is {@code answered}.
     *
     * @param run names it in the answer
     * @param records in order
     * @param window of a source with tumbling windows
     */
    record Invoke(long run, List<SourceRecord> records, Optional<WindowRun> window) implements StreamCommand {
        /** Copies the records. */
        public Invoke {
            records = List.copyOf(records);
        }
    }

    /**
     * What the event says of a window.
     *
     * @param state the window with the state so far
     * @param last whether no run of it follows
     * @param early whether it ends before its time, because its state is too large
     */
    record WindowRun(WindowState state, boolean last, boolean early) {}

    /**
     * Store a failure record; the answer is {@code failureStored} or {@code failureNotStored}.
     *
     * @param run names it in the answer
     * @param batch what is given up
     */
    record StoreFailure(long run, FailedBatch batch) implements StreamCommand {}

    /**
     * Write the checkpoint, by compare-and-set; if that is refused, the answer is {@code leaseLost}.
     *
     * @param checkpoint replaces the ones before
     */
    record SaveCheckpoint(Checkpoint checkpoint) implements StreamCommand {}

    /** Nothing runs any more, after {@code stop} or the end of the shard; the last checkpoint was asked for before. */
    record Stopped() implements StreamCommand {}
}
