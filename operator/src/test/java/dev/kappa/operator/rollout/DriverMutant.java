package dev.kappa.operator.rollout;

import dev.kappa.operator.promotion.Rollouts;

/** Breaks a rule of LayersTest. */
public final class DriverMutant {
    private DriverMutant() {}

    static int breaks(Rollouts driver) {
        return driver.hashCode();
    }
}
