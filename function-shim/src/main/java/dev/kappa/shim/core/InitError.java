package dev.kappa.shim.core;

/**
 * Why a handler could not be initialised; the events that come answer with it.
 *
 * @param type Lambda's errorType
 * @param message Lambda's errorMessage
 * @param body the error object
 */
@SuppressWarnings("ArrayRecordComponent")
public record InitError(String type, String message, byte[] body) {
    public InitError(String type, String message) {
        this(type, message, Outcome.error(type, message));
    }

    public Outcome.Failure outcome() {
        return new Outcome.Failure(type, body);
    }
}
