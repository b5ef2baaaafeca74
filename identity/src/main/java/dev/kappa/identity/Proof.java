package dev.kappa.identity;

import org.jspecify.annotations.Nullable;

/** What a request's head proves about who makes it. */
public sealed interface Proof {
    /**
     * The caller is known.
     *
     * @param caller who it is
     * @param bodySha256 the digest that the body must have, since it was signed; null if any body will do
     */
    record Proven(Caller caller, @Nullable String bodySha256) implements Proof {}

    /** The caller is known once the body is here, since the signature covers its digest. */
    non-sealed interface OfBody extends Proof {
        /**
         * Checks the signature.
         *
         * @param bodySha256 digest of the body, 64 hex digits in small letters
         * @return the caller
         * @throws dev.kappa.lambda.RefusedException if the signature does not hold
         */
        Proven verify(String bodySha256);
    }
}
