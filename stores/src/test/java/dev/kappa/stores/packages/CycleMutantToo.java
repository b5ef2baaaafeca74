package dev.kappa.stores.packages;

import dev.kappa.stores.events.CycleMutant;

/** The other half. */
public final class CycleMutantToo {
    final Class<?> other = CycleMutant.class;
}
