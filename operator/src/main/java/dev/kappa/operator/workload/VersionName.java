package dev.kappa.operator.workload;

import dev.kappa.operator.autoscaler.VersionId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names and labels of what belongs to a version. */
public final class VersionName {
    /** Label: name of the function. */
    public static final String FUNCTION = "kappa.dev/function";

    /** Label: {@code latest} or the number, since a label's value cannot hold a dollar sign. */
    public static final String VERSION = "kappa.dev/version";

    /** Label of pods, annotation of Deployments: hash of code and configuration. */
    public static final String REVISION = "kappa.dev/revision";

    private static final String LATEST_LABEL = "latest";

    private VersionName() {}

    /**
     * Name of the Deployment.
     *
     * @param id the version
     * @return {@code fn-<function>-latest} or {@code fn-<function>-<number>}
     */
    public static String deployment(VersionId id) {
        return "fn-" + id.function() + "-" + label(id);
    }

    /**
     * Labels by which a version's pods are selected.
     *
     * @param id the version
     */
    public static Map<String, String> selector(VersionId id) {
        // Sorted, so that what is made of it is always the same.
        return new TreeMap<>(Map.of(FUNCTION, id.function(), VERSION, label(id)));
    }

    /**
     * Which version a Deployment or pod belongs to.
     *
     * @param resource any
     * @return empty if it is not Kappa's
     */
    public static Optional<VersionId> of(HasMetadata resource) {
        Map<String, String> labels = resource.getMetadata().getLabels();
        if (labels == null || labels.get(FUNCTION) == null || labels.get(VERSION) == null) {
            return Optional.empty();
        }
        String version = labels.get(VERSION);
        return Optional.of(new VersionId(
                resource.getMetadata().getNamespace(),
                labels.get(FUNCTION),
                version.equals(LATEST_LABEL) ? VersionId.LATEST : version));
    }

    private static String label(VersionId id) {
        return id.isLatest() ? LATEST_LABEL : id.version();
    }
}
