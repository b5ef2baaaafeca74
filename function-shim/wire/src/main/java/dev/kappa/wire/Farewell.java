package dev.kappa.wire;

/**
 * What a shim tells the gateway when its execution environment ended and nothing in the pod can start another: the pod is
 * to be replaced.
 *
 * @param namespace namespace of the function
 * @param function name of the function
 * @param version {@code $LATEST} or a number
 * @param pod name of the pod
 * @param reason for the log and the Kubernetes Event
 */
public record Farewell(String namespace, String function, String version, String pod, String reason) {}
