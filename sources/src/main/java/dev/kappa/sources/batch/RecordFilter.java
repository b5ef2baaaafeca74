package dev.kappa.sources.batch;

/** Says which records reach the function; the others count as done. */
@FunctionalInterface
public interface RecordFilter {
    /** Lets every record pass. */
    RecordFilter ALL = record -> true;

    /**
     * Whether the function gets it.
     *
     * @param record any
     */
    boolean matches(SourceRecord record);
}
