package dev.kappa.gateway.dispatch;

/**
 * Where a shim listens, as the platform saw it and not as the pod says.
 *
 * @param host an IP address
 * @param port its port
 * @param pod whose shim it is
 */
public record InstanceAddress(String host, int port, String pod) {}
