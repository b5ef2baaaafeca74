package dev.kappa.jetstream;

import org.assertj.core.api.Assertions;

/** An adapter that knows more than contracts and NATS. */
final class ForeignMutant {
    final Object known = Assertions.assertThat(1);
}
