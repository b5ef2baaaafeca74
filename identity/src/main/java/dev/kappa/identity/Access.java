package dev.kappa.identity;

/**
 * What a call does, in the words of Kubernetes' authorisation.
 *
 * @param verb such as {@code create}
 * @param resource plural, of the group {@code kappa.dev}, perhaps with a subresource, such as {@code functions/invocations}
 * @param namespace where; empty for all of them
 * @param name of the object; empty for all of them
 */
public record Access(String verb, String resource, String namespace, String name) {}
