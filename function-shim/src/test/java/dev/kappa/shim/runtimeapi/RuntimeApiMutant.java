package dev.kappa.shim.runtimeapi;

import dev.kappa.shim.process.PodProcesses;

/** Knows what its package may not know. */
public final class RuntimeApiMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return PodProcesses.class;
    }
}
