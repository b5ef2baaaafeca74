package dev.kappa.identity;

/** Asks the API server what a caller may do. */
@FunctionalInterface
public interface AccessReviews {
    /**
     * Asks; blocks.
     *
     * @param caller who
     * @param access what
     * @return whether the caller may
     * @throws RuntimeException if the API server does not answer
     */
    boolean review(Caller caller, Access access);
}
