package dev.kappa.sources.invoke;

import dev.kappa.sources.batch.Answer;

/**
 * How the run of a batch ended.
 *
 * @param answer of the function, or why it did not run
 * @param reason of a batch that did not run, in camel case; "" of one that did
 */
public record BatchRun(Answer answer, String reason) {
    static BatchRun ran(Answer answer) {
        return new BatchRun(answer, "");
    }
}
