package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.code.Packages;
import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * What a Deployment is made of.
 *
 * @param id which version it runs
 * @param owner the Function or Version that it goes with
 * @param spec configuration, defaults filled in by the API server
 * @param packages code and layers; no code if that is an image
 * @param environment digest of the values that Secrets and ConfigMaps give to its variables, empty for none
 */
public record Workload(VersionKey id, HasMetadata owner, FunctionSpec spec, Packages packages, String environment) {
    /**
     * One whose variables have not been looked up.
     *
     * @param id which version it runs
     * @param owner the Function or Version that it goes with
     * @param spec configuration, defaults filled in by the API server
     * @param packages code and layers; no code if that is an image
     */
    public Workload(VersionKey id, HasMetadata owner, FunctionSpec spec, Packages packages) {
        this(id, owner, spec, packages, "");
    }

    Workload withEnvironment(String digest) {
        return new Workload(id, owner, spec, packages, digest);
    }

    /** What the shim is to do: run a language's handlers, or serve the process of a user's {@code image}. */
    String runtime() {
        return isImage() ? "image" : spec.runtime;
    }

    boolean isImage() {
        return spec.code.image != null;
    }
}
