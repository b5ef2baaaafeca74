package dev.kappa.api.v1alpha1;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Labels of the Deployments and pods of a version. */
public final class Labels {
    /** Name of the function. */
    public static final String FUNCTION = ApiGroup.NAME + "/function";

    /** {@link #LATEST} or the number of the version. */
    public static final String VERSION = ApiGroup.NAME + "/version";

    /** Of pods: hash of the code and configuration that they run. */
    public static final String REVISION = ApiGroup.NAME + "/revision";

    /** Of pods whose version says itself where they may connect to. */
    public static final String NETWORK = ApiGroup.NAME + "/network";

    /** Of pods whose ServiceAccount is the execution role of their function; all pods have some ServiceAccount. */
    public static final String ROLE = ApiGroup.NAME + "/role";

    /** Value of {@link #VERSION} for {@code $LATEST}, since a label's value cannot hold a dollar sign. */
    public static final String LATEST = "latest";

    private static final String LATEST_VERSION = "$LATEST";

    private Labels() {}

    /**
     * Labels by which the pods of a version are selected.
     *
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @return sorted, so that what is made of it is always the same
     */
    public static SortedMap<String, String> selector(String function, String version) {
        return new TreeMap<>(Map.of(FUNCTION, function, VERSION, value(version)));
    }

    /**
     * Value of the label {@link #VERSION}.
     *
     * @param version {@code $LATEST} or a number
     * @return {@link #LATEST} or the number
     */
    public static String value(String version) {
        return version.equals(LATEST_VERSION) ? LATEST : version;
    }

    /**
     * Which function a Deployment or pod belongs to.
     *
     * @param resource any
     * @return the function's name; empty if the resource is not Kappa's
     */
    public static Optional<String> function(HasMetadata resource) {
        return label(resource, FUNCTION);
    }

    /**
     * Which version of its function a Deployment or pod belongs to.
     *
     * @param resource any
     * @return {@code $LATEST} or a number; empty if the resource is not Kappa's
     */
    public static Optional<String> version(HasMetadata resource) {
        return label(resource, VERSION).map(value -> value.equals(LATEST) ? LATEST_VERSION : value);
    }

    /**
     * Which code and configuration a pod runs.
     *
     * @param pod any
     * @return the revision's hash; empty if the pod is not Kappa's
     */
    public static Optional<String> revision(HasMetadata pod) {
        return label(pod, REVISION);
    }

    private static Optional<String> label(HasMetadata resource, String name) {
        return Optional.ofNullable(resource.getMetadata().getLabels()).map(labels -> labels.get(name));
    }
}
