package dev.kappa.shim.java;

import dev.kappa.shim.runtimeapi.Session;

/** Knows what its package may not know. */
public final class JavaMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return Session.class;
    }
}
