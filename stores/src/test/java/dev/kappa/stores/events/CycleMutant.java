package dev.kappa.stores.events;

import dev.kappa.stores.packages.CycleMutantToo;

/** Half of a cycle. */
public final class CycleMutant {
    final Class<?> other = CycleMutantToo.class;
}
