package dev.kappa.sources.batch;

import dev.kappa.lambda.Quotas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a batch is complete.
 *
 * @param size records that it has at most
 * @param window how long it waits for more of them, from its first record on; zero takes what is there
 * @param envelope bytes of the event without its records and without the state of a window
 * @param bytes of the event at most
 */
public record BatchLimits(int size, Duration window, int envelope, int bytes) {
    /** Bytes of {@code {"Records":[]}}. */
    public static final int RECORDS = 14;

    /** Refuses a batch of nothing. */
    public BatchLimits {
        if (size < 1) {
            throw new IllegalArgumentException("batch.size is " + size + ": a batch has 1 record at least");
        }
    }

    /**
     * Those of an event whose records stand in one list.
     *
     * @param size records that it has at most
     * @param window how long it waits for more
     */
    public static BatchLimits of(int size, Duration window) {
        return new BatchLimits(size, window, RECORDS, Quotas.SYNC_PAYLOAD_BYTES);
    }

    /**
     * How many of the first records fit into an event; one that is too large goes alone, and what refuses it decides.
     *
     * @param records in order
     * @param stateBytes of a window's state, zero without one
     */
    public int fitting(List<SourceRecord> records, int stateBytes) {
        long total = (long) envelope + stateBytes;
        int count = 0;
        while (count < records.size() && count < size) {
            total += records.get(count).bytes() + (count == 0 ? 0 : 1);
            if (count > 0 && total > bytes) {
                break;
            }
            count++;
        }
        return count;
    }

    /** Whether a batch of the first records waits for no more: it is full, or its window is over. */
    boolean isDue(List<SourceRecord> records, int fitting, Instant since, Instant now) {
        return fitting == size || fitting < records.size() || !now.isBefore(since.plus(window));
    }
}
