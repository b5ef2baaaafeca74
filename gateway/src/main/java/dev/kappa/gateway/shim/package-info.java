/** Calls to the shims of instances. */
@NullMarked
package dev.kappa.gateway.shim;

import org.jspecify.annotations.NullMarked;
