package dev.kappa.lambda;

/** The service's names of the limits that a refused event or call ran into. */
public enum ThrottleReason {
    /** The function's reserved concurrency. */
    RESERVED("ReservedFunctionConcurrentInvocationLimitExceeded"),
    /** The events of one version that may wait. */
    CONCURRENT("ConcurrentInvocationLimitExceeded"),
    /** The calls, other than events, that are answered at a time. */
    CALLER_RATE("CallerRateLimitExceeded");

    private final String code;

    ThrottleReason(String code) {
        this.code = code;
    }

    /**
     * The service's name.
     *
     * @return value of the field {@code Reason}
     */
    public String code() {
        return code;
    }
}
