package dev.kappa.wire;

/**
 * A shim's answer to {@link Wire#STATE}.
 *
 * @param revision the {@code kappa.dev/revision} that it runs
 * @param phase {@code initializing}, {@code ready} or {@code draining}
 * @param capacity events that it admits at once
 * @param inFlight events that it runs now
 */
public record ShimState(String revision, String phase, int capacity, int inFlight) {}
