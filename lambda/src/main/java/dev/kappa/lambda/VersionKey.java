package dev.kappa.lambda;

/**
 * A version of a function in the cluster: what queues, instances, decisions and meters are keyed by.
 *
 * @param namespace namespace of the function
 * @param function name of the function
 * @param version {@code $LATEST} or a number
 */
public record VersionKey(String namespace, String function, String version) {
    /** The version that is the function itself, and that an unqualified name means. */
    public static final String LATEST = "$LATEST";

    /** Whether this is the function itself. */
    public boolean isLatest() {
        return version.equals(LATEST);
    }

    /**
     * The function of this version.
     *
     * @return its key
     */
    public FunctionKey functionKey() {
        return new FunctionKey(namespace, function);
    }

    @Override
    public String toString() {
        return namespace + "/" + function + "@" + version;
    }
}
