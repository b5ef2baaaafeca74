package dev.kappa.api.v1alpha1;

/** Annotations of the Deployments of a version. */
public final class Annotations {
    /** Hash of the code and configuration that new pods run. */
    public static final String REVISION = ApiGroup.NAME + "/revision";

    /** Hash of the Deployment as the operator applied it last. */
    public static final String APPLIED = ApiGroup.NAME + "/applied";

    /** When Kubernetes was last made to try again to create pods that it could not create. */
    public static final String RETRIED = ApiGroup.NAME + "/retried";

    /** Whether the version has a NetworkPolicy of its own. */
    public static final String NETWORK = ApiGroup.NAME + "/network";

    /** Digest of the values that Secrets and ConfigMaps give to the variables of pods. */
    public static final String ENVIRONMENT = ApiGroup.NAME + "/environment";

    private Annotations() {}
}
