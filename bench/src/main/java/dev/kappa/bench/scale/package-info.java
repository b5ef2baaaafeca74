/** How Kappa grows with the number of functions, on a real API server with nodes and pods that only pretend. */
@NullMarked
package dev.kappa.bench.scale;

import org.jspecify.annotations.NullMarked;
