/** What gateways and shims ask of a gateway: forwarded events and hellos. */
@NullMarked
package dev.kappa.gateway.forward;

import org.jspecify.annotations.NullMarked;
