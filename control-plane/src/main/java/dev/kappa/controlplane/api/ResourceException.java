package dev.kappa.controlplane.api;

import dev.kappa.lambda.DnsLabels;
import org.jspecify.annotations.Nullable;

/** The API server refused a call, or did not answer. */
public final class ResourceException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int CONFLICT = 409;
    private static final int FORBIDDEN = 403;
    private static final int INVALID = 422;

    private final int code;

    /**
     * A failure.
     *
     * @param code HTTP status, 0 if there was no answer
     * @param message what the API server says
     * @param cause what was thrown
     */
    public ResourceException(int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * The same for a caller, who knows the function by the name that the call gives.
     *
     * @param operation that was asked for
     * @param request the call
     */
    ResourceException about(String operation, Request request) {
        String told = String.valueOf(getMessage());
        String function = request.named();
        if (!function.isEmpty()) {
            told = told.replace(DnsLabels.ofFunction(function), function);
        }
        return new ResourceException(
                code,
                isInvalid()
                        ? told
                        : operation + (function.isEmpty() ? "" : " of function " + function)
                                + " failed, because the API server refused it or did not answer: " + told,
                this);
    }

    /** Whether the name is taken, or somebody else wrote. */
    boolean isConflict() {
        return code == CONFLICT;
    }

    /** Whether permission or a policy is missing. */
    boolean isForbidden() {
        return code == FORBIDDEN;
    }

    /** Whether the resource violates its schema or rules. */
    boolean isInvalid() {
        return code == INVALID;
    }

    /** Whether the API server does not understand the call. */
    public boolean isBadRequest() {
        return code == 400;
    }

    /** Whether the resource is not there. */
    boolean isGone() {
        return code == 404;
    }
}
