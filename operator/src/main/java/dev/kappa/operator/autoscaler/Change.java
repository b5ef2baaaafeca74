package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import java.util.List;

/**
 * A decision to scale.
 *
 * @param id which version
 * @param from replicas now
 * @param to replicas wanted
 * @param reason why, in words
 * @param victims pods that should go first, idle for longest first; empty when scaling up
 */
public record Change(VersionKey id, int from, int to, String reason, List<String> victims) {}
