package dev.kappa.operator.code;

import org.jspecify.annotations.Nullable;

/** Whether instances can get the code of a function. */
public sealed interface CodeResult {
    /**
     * It lies in the package store, or is an image, which Kubernetes pulls.
     *
     * @param sha256 digest of the package, null for an image
     */
    record Stored(@Nullable String sha256) implements CodeResult {}

    /**
     * It does not.
     *
     * @param reason a word for the condition
     * @param message what failed and what to do, for the owner of the function
     */
    record Missing(String reason, String message) implements CodeResult {
        /** Reason: the store, not the code, is to blame. */
        public static final String STORE_UNAVAILABLE = "PackageStoreUnavailable";
    }
}
