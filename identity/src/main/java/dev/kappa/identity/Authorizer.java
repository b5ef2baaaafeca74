package dev.kappa.identity;

import java.util.concurrent.CompletionStage;

/** Decides whether a caller may do what a call does. */
@FunctionalInterface
public interface Authorizer {
    /**
     * Decides; does not block.
     *
     * @param caller who
     * @param permission what
     * @return completes if the caller may, else with a {@link dev.kappa.lambda.RefusedException}
     */
    CompletionStage<?> authorize(Caller caller, Permission permission);
}
