package dev.kappa.shim.core;

import dev.kappa.shim.Main;

/** Knows what its package may not know. */
public final class CoreMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return Main.class;
    }
}
