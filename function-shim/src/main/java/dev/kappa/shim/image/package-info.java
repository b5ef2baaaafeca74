/** Runtimes in the pod's other container, which is a user's image. */
@NullMarked
package dev.kappa.shim.image;

import org.jspecify.annotations.NullMarked;
