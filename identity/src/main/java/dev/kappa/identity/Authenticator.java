package dev.kappa.identity;

import java.util.concurrent.CompletionStage;

/** Finds out who makes a call. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Reads the proof that a request shows; does not block.
     *
     * @param head of the request
     * @return the caller, or a {@link dev.kappa.lambda.RefusedException} for a proof that is missing or wrong
     */
    CompletionStage<Caller> authenticate(RequestHead head);
}
