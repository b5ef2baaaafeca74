/** The process kappa-sources. */
@NullMarked
package dev.kappa.sources;

import org.jspecify.annotations.NullMarked;
