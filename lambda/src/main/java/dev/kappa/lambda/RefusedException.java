package dev.kappa.lambda;

/** A call is refused with an error of the API. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient AwsError error;

    /**
     * A refusal; it carries no stack, since callers cause it.
     *
     * @param error what to answer
     */
    public RefusedException(AwsError error) {
        super(error.type() + ": " + error.body(), null, false, false);
        this.error = error;
    }

    /**
     * What to answer.
     *
     * @return the error
     */
    public AwsError error() {
        return error;
    }
}
