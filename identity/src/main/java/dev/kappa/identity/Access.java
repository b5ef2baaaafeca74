package dev.kappa.identity;

import java.util.Set;

/**
 * What a call does, in the words of Kubernetes' authorisation.
 *
 * @param verb such as {@code create}
 * @param resource plural, of the group {@code kappa.dev} or Kubernetes' own, perhaps with a subresource, such as {@code
 *     functions/invocations}
 * @param namespace where; empty for all of them
 * @param name of the object; empty for all of them
 */
public record Access(String verb, String resource, String namespace, String name) {
    private static final Set<String> OF_KUBERNETES =
            Set.of("configmaps", "secrets", "serviceaccounts", "serviceaccounts/token");

    /**
     * The API group of the resource.
     *
     * @return empty for Kubernetes' own
     */
    public String group() {
        return OF_KUBERNETES.contains(resource) ? "" : "kappa.dev";
    }
}
