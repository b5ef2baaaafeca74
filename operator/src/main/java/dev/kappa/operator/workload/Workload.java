package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.lambda.VersionKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a Deployment is made of.
 *
 * @param id which version it runs
 * @param owner the Function or Version that it goes with
 * @param spec configuration, defaults filled in by the API server
 * @param codeSha256 digest of the code package, null if the code is an image
 */
public record Workload(
        VersionKey id,
        HasMetadata owner,
        FunctionSpec spec,
        @Nullable String codeSha256) {
    /** What the shim is to do: run a language's handlers, or serve the process of a user's {@code image}. */
    String runtime() {
        return isImage() ? "image" : spec.runtime;
    }

    boolean isImage() {
        return spec.code.image != null;
    }
}
