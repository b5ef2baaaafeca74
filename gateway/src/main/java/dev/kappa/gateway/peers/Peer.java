package dev.kappa.gateway.peers;

/**
 * A live gateway.
 *
 * @param name name of its pod
 * @param host its address
 */
public record Peer(String name, String host) {}
