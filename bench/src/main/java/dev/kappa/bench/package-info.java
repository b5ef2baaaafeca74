/** Measurements, each beside its reference in the same run. */
@NullMarked
package dev.kappa.bench;

import org.jspecify.annotations.NullMarked;
