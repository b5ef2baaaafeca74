package dev.kappa.api.v1alpha1;

/** The API group of Kappa's resources, as manifests write it. */
public final class ApiGroup {
    /** Name of the group. */
    public static final String NAME = "kappa.dev";

    /** The version of the group that this package describes. */
    public static final String VERSION = "v1alpha1";

    /** Group and version: {@code apiVersion} of a manifest. */
    public static final String API_VERSION = NAME + "/" + VERSION;

    private ApiGroup() {}
}
