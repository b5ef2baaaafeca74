/** Small values of which each is written by whoever knows what it was. */
@NullMarked
package dev.kappa.stores.keys;

import org.jspecify.annotations.NullMarked;
