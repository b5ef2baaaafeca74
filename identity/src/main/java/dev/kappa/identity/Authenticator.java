package dev.kappa.identity;

import java.util.concurrent.CompletionStage;

/** Finds out who makes a call. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Reads the proof that a request shows; does not block.
     *
     * @param head of the request
     * @return what it proves, or a {@link dev.kappa.lambda.RefusedException} for a proof that is missing or wrong, which may also
     *     be thrown
     */
    CompletionStage<Proof> authenticate(RequestHead head);
}
