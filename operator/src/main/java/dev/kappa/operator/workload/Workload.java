package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.operator.autoscaler.VersionId;
import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * What a Deployment is made of.
 *
 * @param id which version it runs
 * @param owner the Function or Version that it goes with
 * @param spec configuration, defaults filled in by the API server
 * @param codeSha256 digest of the code package
 */
public record Workload(VersionId id, HasMetadata owner, FunctionSpec spec, String codeSha256) {}
