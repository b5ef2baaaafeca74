package dev.kappa.stores.events;

/** A destination did not take what it was sent. */
public final class DestinationException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean forEver;

    private DestinationException(String message, boolean forEver) {
        super(message);
        this.forEver = forEver;
    }

    /**
     * Trying again may help.
     *
     * @param message why it was not taken
     * @return the exception
     */
    public static DestinationException later(String message) {
        return new DestinationException(message, false);
    }

    /**
     * Trying again cannot help.
     *
     * @param message why it was not taken
     * @return the exception
     */
    public static DestinationException never(String message) {
        return new DestinationException(message, true);
    }

    /**
     * Whether trying again cannot help.
     *
     * @return whether it is lost
     */
    public boolean isForEver() {
        return forEver;
    }
}
