/** Handlers that tests put into a function's package. */
@NullMarked
package dev.kappa.shim.handlers;

import org.jspecify.annotations.NullMarked;
