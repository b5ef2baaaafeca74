package dev.kappa.shim.http;

import dev.kappa.shim.log.Logs;

/** Knows what its package may not know. */
public final class HttpMutant {
    /** The forbidden one. */
    public Class<?> known() {
        return Logs.class;
    }
}
