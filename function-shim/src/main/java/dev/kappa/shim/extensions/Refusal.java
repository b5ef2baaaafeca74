package dev.kappa.shim.extensions;

/** A call of the Extensions API that is refused with 403. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * @param type Lambda's errorType
     */
    Refusal(String type, String message) {
        super(message);
        this.type = type;
    }

    static Refusal ofState(Extension extension, Extension.State wanted) {
        return new Refusal(
                "Extension.InvalidExtensionState",
                "State transition from " + extension.state() + " to " + wanted + " failed for extension "
                        + extension.name() + ". Error: State transition is not allowed");
    }

    String type() {
        return type;
    }
}
