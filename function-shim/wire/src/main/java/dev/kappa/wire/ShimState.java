package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A shim's answer to {@link Wire#STATE}.
 *
 * @param revision the {@code kappa.dev/revision} that it runs
 * @param phase {@code initializing}, {@code ready} or {@code draining}
 * @param capacity events that it admits at once
 * @param inFlight events that it runs now
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ShimState(String revision, String phase, int capacity, int inFlight) {
    /** A phase that is absent in the JSON is that of an environment which takes no events yet. */
    public ShimState {
        revision = revision == null ? "" : revision;
        phase = phase == null ? "initializing" : phase;
    }
}
