/** Proof of shims, gateways and operators to each other. */
@NullMarked
package dev.kappa.gateway.identity;

import org.jspecify.annotations.NullMarked;
