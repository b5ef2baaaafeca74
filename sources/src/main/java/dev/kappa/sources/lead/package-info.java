/** Which process works on the sources: the one that holds the lease. */
@NullMarked
package dev.kappa.sources.lead;

import org.jspecify.annotations.NullMarked;
