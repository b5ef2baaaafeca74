package dev.kappa.sources.streams;

import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.invoke.BatchRun;
import java.io.IOException;

/** Keeps the records of batches that were given up. */
@FunctionalInterface
public interface FailureStore {
    /**
     * Keeps one; the same batch is kept once.
     *
     * @param batch that was given up
     * @param last run of it, if it ran
     * @throws IOException if it is not kept, and has to be tried again
     * @throws InterruptedException if the caller is to stop
     */
    void store(FailedBatch batch, BatchRun last) throws IOException, InterruptedException;
}
