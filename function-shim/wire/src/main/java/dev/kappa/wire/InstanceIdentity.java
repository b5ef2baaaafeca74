package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Which instance asks for credentials.
 *
 * @param namespace of the function
 * @param function name of the function
 * @param version {@code $LATEST} or a number
 * @param pod name of the pod
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InstanceIdentity(String namespace, String function, String version, String pod) {}
