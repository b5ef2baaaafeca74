package dev.kappa.lambda;

/** The service's names of the limits that a refused event or call ran into. */
public enum ThrottleReason {
    /** The function's reserved concurrency. */
    RESERVED("ReservedFunctionConcurrentInvocationLimitExceeded"),
    /** The events of one version that may wait. */
    CONCURRENT("ConcurrentInvocationLimitExceeded"),
    /** How often a caller may call, or the calls, other than events, that are answered at a time. */
    CALLER_RATE("CallerRateLimitExceeded"),
    /** How often a function may be invoked. */
    FUNCTION_RATE("FunctionInvocationRateLimitExceeded");

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
