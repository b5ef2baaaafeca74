/** Java handlers, in the shim's own JVM. */
@NullMarked
package dev.kappa.shim.java;

import org.jspecify.annotations.NullMarked;
