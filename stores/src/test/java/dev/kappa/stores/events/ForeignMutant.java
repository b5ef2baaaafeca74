package dev.kappa.stores.events;

import org.assertj.core.api.Assertions;

/** A contract that knows what keeps it. */
public final class ForeignMutant {
    final Object known = Assertions.assertThat(1);
}
