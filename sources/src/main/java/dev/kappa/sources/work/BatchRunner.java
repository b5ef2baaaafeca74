package dev.kappa.sources.work;

import dev.kappa.sources.batch.Answer;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.invoke.FunctionTarget;
import java.util.function.Function;

/** Runs batches. */
@FunctionalInterface
public interface BatchRunner {
    /**
     * Runs one and waits for its end.
     *
     * @param function that gets it
     * @param payload JSON
     * @param read what an answer that is no error means
     */
    BatchRun run(FunctionTarget function, String payload, Function<String, Answer> read);
}
