package dev.kappa.sources.batch;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of the records of a queue with competing consumers. How often one is tried and what becomes of it then is the
 * queue's own redrive policy.
 *
 * @param limits of a batch
 * @param maxConcurrency batches at once
 * @param fifo whether records of one group keep their order
 * @param partialAnswers whether answers tell which records failed (ReportBatchItemFailures)
 * @param visibility how long the queue leaves a delivery alone; empty where that ends with the connection
 */
public record QueuePolicy(
        BatchLimits limits, int maxConcurrency, boolean fifo, boolean partialAnswers, Optional<Duration> visibility) {

    /** Refuses what runs nothing. */
    public QueuePolicy {
        if (maxConcurrency < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrency is " + maxConcurrency + ": it is 1 at least; enabled: false stops a source");
        }
    }
}
