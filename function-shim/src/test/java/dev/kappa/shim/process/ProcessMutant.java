package dev.kappa.shim.process;

import dev.kappa.shim.image.ImageEnvironment;

/** Knows what its package may not know. */
public final class ProcessMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return ImageEnvironment.class;
    }
}
