package dev.kappa.operator.code;

/** Whether instances can get the code of a function and its layers. */
public sealed interface CodeResult {
    /**
     * They lie in the package store, or the code is an image, which Kubernetes pulls.
     *
     * @param packages where instances find them
     */
    record Stored(Packages packages) implements CodeResult {}

    /**
     * They do not.
     *
     * @param reason a word for the condition
     * @param message what failed and what to do, for the owner of the function
     */
    record Missing(String reason, String message) implements CodeResult {
        /** Reason: the store, not the code, is to blame. */
        public static final String STORE_UNAVAILABLE = "PackageStoreUnavailable";
    }
}
