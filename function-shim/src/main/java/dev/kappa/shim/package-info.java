/** The process in every function pod: takes events from the gateway, runs the handler, enforces the timeout. */
@NullMarked
package dev.kappa.shim;

import org.jspecify.annotations.NullMarked;
