package dev.kappa.api.v1alpha1;

/** Limits of names and texts in resources; where Lambda's API has the same thing, the limit is the same there. */
public final class Limits {
    /** Characters of a function's name: a label of Kubernetes holds no more; Lambda has one more. */
    public static final int FUNCTION_NAME = 63;

    /** Characters of a function's name as Lambda's callers write it. */
    public static final int LAMBDA_FUNCTION_NAME = 64;

    /** Characters of an alias. */
    public static final int ALIAS = 128;

    /** Characters of a function's name, a dot and an alias. */
    public static final int QUALIFIED_NAME = FUNCTION_NAME + 1 + ALIAS;

    /** Characters of the description of a version or an alias. */
    public static final int DESCRIPTION = 256;

    /** Characters of a handler. */
    public static final int HANDLER = 128;

    /** Layers of a function. */
    public static final int LAYERS = 5;

    /** Characters of a layer's name as Lambda's callers write it. */
    public static final int LAYER_NAME = 140;

    /** Versions of a layer, which lie in one resource. */
    public static final int LAYER_VERSIONS = 1000;

    /** Runs after the first one that an error of the function may have, at most. */
    public static final int RETRY_ATTEMPTS = 2;

    /** A function's name. */
    static final String FUNCTION_PATTERN = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

    /** A function's name, perhaps with a dot and an alias or a version. */
    static final String QUALIFIED_PATTERN = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?([.][a-z0-9-]{1,128})?$";

    private Limits() {}
}
