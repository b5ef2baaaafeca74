package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.VersionKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;

/** Names and labels of what belongs to a version. */
public final class VersionName {
    private VersionName() {}

    /**
     * Name of the Deployment.
     *
     * @param id the version
     */
    public static String deployment(VersionKey id) {
        return ResourceNames.deployment(id.function(), id.version());
    }

    /**
     * Labels by which a version's pods are selected.
     *
     * @param id the version
     */
    public static Map<String, String> selector(VersionKey id) {
        return Labels.selector(id.function(), id.version());
    }

    /**
     * Which version a Deployment or pod belongs to.
     *
     * @param resource any
     * @return empty if it is not Kappa's
     */
    public static Optional<VersionKey> of(HasMetadata resource) {
        return Labels.function(resource)
                .flatMap(function -> Labels.version(resource)
                        .map(version -> new VersionKey(resource.getMetadata().getNamespace(), function, version)));
    }
}
