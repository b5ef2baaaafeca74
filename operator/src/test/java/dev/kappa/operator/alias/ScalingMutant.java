package dev.kappa.operator.alias;

import dev.kappa.operator.scaling.Workloads;

/** Breaks a rule of LayersTest. */
public final class ScalingMutant {
    private ScalingMutant() {}

    static boolean breaks(Workloads workloads) {
        return workloads.isSynced();
    }
}
