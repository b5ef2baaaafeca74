/** Writes batches as Lambda's events have them. */
@NullMarked
package dev.kappa.sources.shape;

import org.jspecify.annotations.NullMarked;
