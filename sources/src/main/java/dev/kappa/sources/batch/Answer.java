package dev.kappa.sources.batch;

import java.util.List;
import java.util.Optional;

/** How a run of a batch ended. */
public sealed interface Answer {
    /**
     * All of it was done.
     *
     * @param state that a function with tumbling windows answered, JSON
     */
    record Success(Optional<String> state) implements Answer {
        /** Without a state. */
        public static final Success PLAIN = new Success(Optional.empty());
    }

    /**
     * Some of it failed.
     *
     * @param failed ids of those; one that the batch does not have, also "", means that all of it failed
     * @param state as of a success
     */
    record Partial(List<String> failed, Optional<String> state) implements Answer {
        /** Copies the ids. */
        public Partial {
            failed = List.copyOf(failed);
        }
    }

    /**
     * The function had it and failed, or answered what says nothing.
     *
     * @param error what Lambda calls it, or what is wrong with the answer
     */
    record FunctionError(String error) implements Answer {}

    /**
     * The function did not get it (throttled, no such function, no gateway), or nobody knows: no attempt is counted.
     *
     * @param reason for people
     */
    record NotRun(String reason) implements Answer {}
}
