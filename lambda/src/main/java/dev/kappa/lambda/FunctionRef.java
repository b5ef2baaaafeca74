package dev.kappa.lambda;

import org.jspecify.annotations.Nullable;

/**
 * A function that was asked for, its namespace known.
 *
 * @param namespace Kubernetes namespace
 * @param function name of the function, as the caller wrote it or as its resource has it
 * @param qualifier {@code $LATEST}, a number or an alias, likewise; null if the caller gave none
 */
public record FunctionRef(
        String namespace, String function, @Nullable String qualifier) {
    /** The same by the names that the resources have, {@link DnsLabels}; ARNs show those that callers write. */
    public FunctionRef ofResources() {
        String label = DnsLabels.ofFunction(function);
        String qualifierLabel = qualifier == null ? null : DnsLabels.ofQualifier(qualifier);
        return new FunctionRef(namespace, label, qualifierLabel);
    }
}
