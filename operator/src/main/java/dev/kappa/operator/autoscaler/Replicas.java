package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import java.util.OptionalInt;

/** How many replicas a version is set to. */
@FunctionalInterface
public interface Replicas {
    /**
     * Looks it up.
     *
     * @param id which version
     * @return empty while it has no Deployment
     */
    OptionalInt of(VersionKey id);
}
