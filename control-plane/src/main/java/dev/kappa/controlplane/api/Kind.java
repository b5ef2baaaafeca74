package dev.kappa.controlplane.api;

/** The custom resources that the control plane reads and writes. */
public enum Kind {
    /** A function, its own {@code $LATEST}. */
    FUNCTION("Function", "functions"),
    /** A published version, {@code <function>.<number>}. */
    VERSION("Version", "versions"),
    /** An alias, {@code <function>.<alias>}. */
    ALIAS("Alias", "aliases"),
    /** A layer with its versions. */
    LAYER("Layer", "layers"),
    /** What runs a function without a caller. */
    EVENT_SOURCE("EventSource", "eventsources");

    private final String singular;
    private final String plural;

    Kind(String singular, String plural) {
        this.singular = singular;
        this.plural = plural;
    }

    /**
     * The kind as manifests write it.
     *
     * @return such as {@code Function}
     */
    public String singular() {
        return singular;
    }

    /**
     * The kind as paths of the API server write it.
     *
     * @return such as {@code functions}
     */
    public String plural() {
        return plural;
    }
}
