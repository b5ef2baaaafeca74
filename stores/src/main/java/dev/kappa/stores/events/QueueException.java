package dev.kappa.stores.events;

/** The queue does not do what it was asked; its message says what, why, and what to do. */
public final class QueueException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param message for the caller and the log
     */
    public QueueException(String message) {
        super(message);
    }

    /**
     * A failure.
     *
     * @param message for the caller and the log
     * @param cause what the queue said
     */
    public QueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
