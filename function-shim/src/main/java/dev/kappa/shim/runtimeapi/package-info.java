/** The Lambda Runtime API, and the session of the runtime that calls it. */
@NullMarked
package dev.kappa.shim.runtimeapi;

import org.jspecify.annotations.NullMarked;
