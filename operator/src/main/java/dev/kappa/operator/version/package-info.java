/** Versions: frozen functions with Deployments of their own. */
@NullMarked
package dev.kappa.operator.version;

import org.jspecify.annotations.NullMarked;
