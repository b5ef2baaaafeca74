package dev.kappa.sources.work;

/** A source cannot work; the message has the object, the cause and the remedy. */
public final class SourceProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    /**
     * For a condition.
     *
     * @param reason a word in camel case
     * @param message for people
     */
    public SourceProblemException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** A word in camel case. */
    public String reason() {
        return reason;
    }
}
