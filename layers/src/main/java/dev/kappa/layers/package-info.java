/** For tests: the rules about who may know whom. */
@NullMarked
package dev.kappa.layers;

import org.jspecify.annotations.NullMarked;
