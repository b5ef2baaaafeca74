package dev.kappa.identity;

import java.util.Optional;

/** Asks the API server whose a bearer token is. */
@FunctionalInterface
public interface TokenReviews {
    /**
     * Asks; blocks.
     *
     * @param token as the caller shows it
     * @return the caller; empty for a token that is not valid here
     * @throws RuntimeException if the API server does not answer
     */
    Optional<Caller> review(String token);
}
