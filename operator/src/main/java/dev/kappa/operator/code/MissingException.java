package dev.kappa.operator.code;

import dev.kappa.operator.code.CodeResult.Missing;

/** A package cannot be had; says why, and what to do. */
final class MissingException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    MissingException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    Missing missing() {
        return new Missing(reason, String.valueOf(getMessage()));
    }
}
