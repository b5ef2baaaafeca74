package dev.kappa.api.v1alpha1;

import java.util.Set;

/** Names of environment variables that Lambda and Kappa set themselves, so that users may not. */
public final class ReservedVariables {
    static final String LAMBDA_PREFIX = "AWS_LAMBDA_";
    /** The one of Lambda's names that is the user's. */
    static final String WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER";

    static final String KAPPA_PREFIX = "KAPPA_";
    static final String NAMES = "_HANDLER _X_AMZN_TRACE_ID AWS_REGION AWS_DEFAULT_REGION AWS_EXECUTION_ENV"
            + " LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR";

    private static final Set<String> SET = Set.of(NAMES.split(" "));

    private ReservedVariables() {}

    /**
     * Whether users may not set a variable.
     *
     * @param name of the variable
     */
    public static boolean contains(String name) {
        return (name.startsWith(LAMBDA_PREFIX) && !name.equals(WRAPPER))
                || name.startsWith(KAPPA_PREFIX)
                || SET.contains(name);
    }
}
