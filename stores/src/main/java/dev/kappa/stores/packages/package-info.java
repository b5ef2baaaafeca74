/** Code packages, and what keeps them. */
@NullMarked
package dev.kappa.stores.packages;

import org.jspecify.annotations.NullMarked;
