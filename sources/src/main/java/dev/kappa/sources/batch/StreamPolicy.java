package dev.kappa.sources.batch;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of the records of a shard or partition.
 *
 * @param limits of a batch
 * @param retries after the first failure of a batch; −1 for no end
 * @param maxRecordAge older records go to the failure records; empty for no end
 * @param bisect whether a batch that fails is halved, which costs no retry
 * @param partialAnswers whether answers tell which records failed (ReportBatchItemFailures)
 * @param parallelization batches at once, by key
 * @param tumblingWindow length of the windows whose state runs hand on
 */
public record StreamPolicy(
        BatchLimits limits,
        int retries,
        Optional<Duration> maxRecordAge,
        boolean bisect,
        boolean partialAnswers,
        int parallelization,
        Optional<Duration> tumblingWindow) {
    private static final int KAFKA_RETRIES = 10;

    /** Refuses what no shard can do. */
    public StreamPolicy {
        if (parallelization < 1 || (tumblingWindow.isPresent() && parallelization > 1)) {
            throw new IllegalArgumentException("parallelization is " + parallelization
                    + ": it is 1 at least, and 1 with a tumbling window, whose state has one order");
        }
        if (tumblingWindow.isPresent() && !tumblingWindow.get().isPositive()) {
            throw new IllegalArgumentException("tumblingWindow is " + tumblingWindow.get() + ": it is 1 s at least");
        }
    }

    /**
     * As Kafka's sources have it: with a failure destination nothing is retried for ever, so that it gets something.
     *
     * @param onFailure whether there is a failure destination
     */
    public StreamPolicy ofKafka(boolean onFailure) {
        return onFailure && retries < 0
                ? new StreamPolicy(
                        limits, KAFKA_RETRIES, maxRecordAge, bisect, partialAnswers, parallelization, tumblingWindow)
                : this;
    }

    /** How many records are taken from the shard ahead of what is settled. */
    int ahead() {
        // A lane that its head blocks must not hold up the others soon.
        return limits.size() * (parallelization == 1 ? 2 : 10 * parallelization);
    }

    long aheadBytes() {
        return 2L * limits.bytes() * parallelization;
    }
}
