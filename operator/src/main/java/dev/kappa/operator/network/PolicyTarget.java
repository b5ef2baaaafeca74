package dev.kappa.operator.network;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.lambda.VersionKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;

/**
 * A version that policies are for.
 *
 * @param id which
 * @param owner the Function or Version that they go with
 * @param spec configuration, defaults filled in by the API server
 */
public record PolicyTarget(VersionKey id, HasMetadata owner, FunctionSpec spec) {
    /**
     * Whether it needs a policy of its own, besides those of its namespace.
     *
     * @param spec of the version
     */
    public static boolean hasOwn(FunctionSpec spec) {
        return spec.network != null || spec.serviceAccountName != null;
    }

    boolean hasOwn() {
        return hasOwn(spec);
    }

    String namespace() {
        return id.namespace();
    }

    String name() {
        return ResourceNames.deployment(id.function(), id.version());
    }

    Map<String, String> selector() {
        return Labels.selector(id.function(), id.version());
    }
}
