package dev.kappa.sources.invoke;

/** The gateway answered that it does not take an event. */
public final class RefusedEventException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param type AWS's name of the error
     * @param message for people
     */
    public RefusedEventException(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    /**
     * AWS's name of the error, for a condition's reason.
     *
     * @return such as {@code ResourceNotFound}
     */
    public String reason() {
        String name = type.endsWith("Exception") ? type.substring(0, type.length() - "Exception".length()) : type;
        return name.matches("[A-Za-z][A-Za-z0-9]*") ? name : "Status" + status;
    }
}
