package dev.kappa.sources.batch;

/** A record of a shard until all before it are settled. */
final class Entry {
    private final SourceRecord record;
    private boolean settled;
    private int failures;

    Entry(SourceRecord record) {
        this.record = record;
    }

    SourceRecord record() {
        return record;
    }

    /** Done, dropped by a filter, or in a stored failure record. */
    void settle() {
        settled = true;
    }

    boolean isSettled() {
        return settled;
    }

    /** Counts a run that failed with this record at its head. */
    void fail() {
        failures++;
    }

    int failures() {
        return failures;
    }
}
