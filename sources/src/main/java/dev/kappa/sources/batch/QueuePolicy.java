package dev.kappa.sources.batch;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of the records of a queue with competing consumers. How often one is tried and what becomes of it then is the
 * queue's own redrive policy.
 *
 * @param limits of a batch
 * @param initialConcurrency batches at once at first; five more each second in which all of them run
 * @param maxConcurrency batches at once at most
 * @param fifo whether records of one group keep their order
 * @param partialAnswers whether answers tell which records failed (ReportBatchItemFailures)
 * @param visibility how long the queue leaves a delivery alone; empty where that ends with the connection
 */
public record QueuePolicy(
        BatchLimits limits,
        int initialConcurrency,
        int maxConcurrency,
        boolean fifo,
        boolean partialAnswers,
        Optional<Duration> visibility) {
    private static final int SQS_INITIAL = 5;
    private static final int SQS_SIZE = 10;

    /** Refuses what runs nothing. */
    public QueuePolicy {
        if (maxConcurrency < 1 || initialConcurrency < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrency is " + maxConcurrency + ": it is 1 at least; enabled: false stops a source");
        }
    }

    /**
     * Of SQS: starts with five batches at once, and 300 more a minute.
     *
     * @param size records of a batch; more than ten need a window, and FIFO queues have ten at most
     * @param window which FIFO queues have not
     * @param maxConcurrency batches at once at most
     * @param fifo whether the queue is one
     * @param partialAnswers whether answers tell which records failed
     * @param visibility of the queue
     * @throws IllegalArgumentException if SQS has no such batches; the message says why
     */
    public static QueuePolicy sqs(
            int size, Duration window, int maxConcurrency, boolean fifo, boolean partialAnswers, Duration visibility) {
        if (fifo && (size > SQS_SIZE || window.isPositive())) {
            throw new IllegalArgumentException("A FIFO queue has batches of 10 at most and no window: batch.size is "
                    + size + ", batch.window " + window.toSeconds() + " s");
        }
        if (size > SQS_SIZE && window.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("batch.size is " + size
                    + ": more than 10 need a batch.window of 1 s at least, in which they are gathered");
        }
        return new QueuePolicy(
                BatchLimits.of(size, window),
                Math.min(SQS_INITIAL, maxConcurrency),
                maxConcurrency,
                fifo,
                partialAnswers,
                Optional.of(visibility));
    }
}
