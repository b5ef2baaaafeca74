package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import org.jspecify.annotations.Nullable;

/**
 * What the API server tells of the pod of an instance.
 *
 * @param version the version that it runs
 * @param address where its shim listens, null while the kubelet has not told the pod's address
 * @param role ServiceAccount that is its execution role, null for none
 * @param scheduledAtMs when it was seen on a node, epoch milliseconds, 0 if not yet
 */
public record KnownPod(
        VersionKey version,
        @Nullable InstanceAddress address,
        @Nullable String role,
        long scheduledAtMs) {}
