package dev.kappa.sources.work;

import dev.kappa.sources.invoke.BatchRun;

/** Hears what becomes of a source and its batches. */
public interface Signals {
    /**
     * The source answers.
     *
     * @param records that came
     */
    void received(int records);

    /**
     * The source told how many records are not done yet.
     *
     * @param records their number
     */
    default void lags(long records) {}

    /**
     * The source does not answer as it should, and is tried again.
     *
     * @param problem why
     */
    void refused(SourceProblemException problem);

    /**
     * Another process works on the source: it is looked at again in a moment.
     *
     * @param problem what is told of it
     */
    void lost(SourceProblemException problem);

    /**
     * A batch ended.
     *
     * @param run how
     * @param records of it
     */
    void ended(BatchRun run, int records);
}
