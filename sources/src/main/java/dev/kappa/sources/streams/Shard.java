package dev.kappa.sources.streams;

import dev.kappa.sources.batch.SourceRecord;
import java.util.List;

/** A part of a stream whose records have an order. Calls block, one at a time. */
public interface Shard {
    /**
     * What follows a record; waits a while if there is nothing.
     *
     * @param after id of a record, "" for none
     * @param most records
     * @return in order, perhaps nothing
     * @throws RuntimeException if it does not answer
     */
    List<SourceRecord> fetch(String after, int most);

    /** Ends the connection. */
    void close();
}
