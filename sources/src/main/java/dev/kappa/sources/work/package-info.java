/** What works on one event source. */
@NullMarked
package dev.kappa.sources.work;

import org.jspecify.annotations.NullMarked;
