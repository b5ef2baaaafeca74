/** Meters, health and readiness. */
@NullMarked
package dev.kappa.gateway.metrics;

import org.jspecify.annotations.NullMarked;
