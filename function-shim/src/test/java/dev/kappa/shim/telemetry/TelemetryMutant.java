package dev.kappa.shim.telemetry;

import dev.kappa.shim.extensions.Extensions;

/** Knows what its package may not know. */
public final class TelemetryMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return Extensions.class;
    }
}
