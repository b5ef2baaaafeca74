package dev.kappa.operator.code;

/** Whether the code of a function lies in the package store. */
public sealed interface CodeResult {
    /**
     * It does.
     *
     * @param sha256 digest of the package
     */
    record Stored(String sha256) implements CodeResult {}

    /**
     * It does not.
     *
     * @param reason a word for the condition
     * @param message what failed and what to do, for the owner of the function
     */
    record Missing(String reason, String message) implements CodeResult {}
}
