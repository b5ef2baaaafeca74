package dev.kappa.http;

import org.jspecify.annotations.Nullable;

/**
 * A port that callers reach.
 *
 * @param port of all addresses
 * @param connections how many one address may have
 * @param tls with which the port is encrypted, null for a plain one
 */
public record PublicPort(
        int port, ConnectionLimit connections, @Nullable TlsFiles tls) {}
