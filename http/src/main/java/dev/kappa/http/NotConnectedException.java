package dev.kappa.http;

/** There was no connection to a peer: nothing was sent. */
public final class NotConnectedException extends Exception {
    private static final long serialVersionUID = 1;

    NotConnectedException(String message) {
        super(message, null, false, false);
    }
}
