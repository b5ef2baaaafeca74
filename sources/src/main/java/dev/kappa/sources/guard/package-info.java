/** Reaches servers of users' choice without a way into the cluster's own network. */
@NullMarked
package dev.kappa.sources.guard;

import org.jspecify.annotations.NullMarked;
