package dev.kappa.http;

/** A request was sent, and its answer did not come or cannot be understood: the peer may have acted on it. */
public final class BrokenExchangeException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenExchangeException(String message) {
        super(message, null, false, false);
    }
}
