package dev.kappa.shim.image;

import dev.kappa.shim.java.JavaEnvironment;

/** Knows what its package may not know. */
public final class ImageMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return JavaEnvironment.class;
    }
}
