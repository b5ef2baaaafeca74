package dev.kappa.operator.workload;

import dev.kappa.operator.function.FunctionReconciler;

/** Breaks a rule of LayersTest. */
public final class ReconcilerMutant {
    private ReconcilerMutant() {}

    static int breaks(FunctionReconciler reconciler) {
        return reconciler.hashCode();
    }
}
