package dev.kappa.operator.autoscaler;

/**
 * Names a version of a function.
 *
 * @param namespace namespace of the function
 * @param function its name
 * @param version {@code $LATEST} or a number
 */
public record VersionId(String namespace, String function, String version) {
    /** The version that is the function itself. */
    public static final String LATEST = "$LATEST";

    /** Whether this is the function itself. */
    public boolean isLatest() {
        return version.equals(LATEST);
    }

    @Override
    public String toString() {
        return namespace + "/" + function + ":" + version;
    }
}
