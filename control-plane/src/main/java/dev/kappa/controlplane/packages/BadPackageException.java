package dev.kappa.controlplane.packages;

/** A package is refused; the message gives cause and remedy. */
public final class BadPackageException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param cause what is wrong
     * @param remedy what to do
     */
    public BadPackageException(String cause, String remedy) {
        super(cause + ". " + remedy + ".");
    }
}
