/** Runtimes as processes that the shim starts. */
@NullMarked
package dev.kappa.shim.process;

import org.jspecify.annotations.NullMarked;
