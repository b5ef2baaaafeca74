package dev.kappa.operator.status;

import dev.kappa.operator.code.CycleMutant;

/** Breaks a rule of LayersTest. */
public final class CycleMutantToo {
    private CycleMutantToo() {}

    static int breaks(CycleMutant other) {
        return other.hashCode();
    }
}
