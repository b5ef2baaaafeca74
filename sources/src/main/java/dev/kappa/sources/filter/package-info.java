/** Filters by EventBridge's patterns. */
@NullMarked
package dev.kappa.sources.filter;

import org.jspecify.annotations.NullMarked;
