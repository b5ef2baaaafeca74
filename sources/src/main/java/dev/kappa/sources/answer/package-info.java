/** Reads what functions answer to batches. */
@NullMarked
package dev.kappa.sources.answer;

import org.jspecify.annotations.NullMarked;
