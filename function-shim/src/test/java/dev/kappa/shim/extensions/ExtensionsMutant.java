package dev.kappa.shim.extensions;

import dev.kappa.shim.runtimeapi.RuntimeApi;

/** Knows what its package may not know. */
public final class ExtensionsMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return RuntimeApi.class;
    }
}
