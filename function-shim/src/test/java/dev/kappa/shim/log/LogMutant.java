package dev.kappa.shim.log;

import dev.kappa.shim.core.Settings;

/** Knows what its package may not know. */
public final class LogMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return Settings.class;
    }
}
