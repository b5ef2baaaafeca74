package dev.kappa.sources.invoke;

import dev.kappa.sources.batch.Answer;

/**
 * How the run of a batch ended.
 *
 * @param answer of the function, or why it did not run
 * @param reason of a batch that did not run, in camel case; "" of one that did
 * @param requestId of the run, "" if it has none
 * @param version that ran, "" if none did
 */
public record BatchRun(Answer answer, String reason, String requestId, String version) {
    /** Nothing ran. */
    public static final BatchRun NONE = new BatchRun(new Answer.NotRun(""), "");

    /**
     * One that did not run.
     *
     * @param answer why
     * @param reason in camel case
     */
    public BatchRun(Answer answer, String reason) {
        this(answer, reason, "", "");
    }
}
