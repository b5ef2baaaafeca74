package dev.kappa.operator.code;

import dev.kappa.operator.status.CycleMutantToo;

/** Breaks a rule of LayersTest. */
public final class CycleMutant {
    private CycleMutant() {}

    static int breaks(CycleMutantToo other) {
        return other.hashCode();
    }
}
