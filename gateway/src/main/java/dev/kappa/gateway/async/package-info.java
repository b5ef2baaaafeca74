/** Asynchronous events: kept durably, run by the dispatcher, tried again, settled exactly once. */
@NullMarked
package dev.kappa.gateway.async;

import org.jspecify.annotations.NullMarked;
