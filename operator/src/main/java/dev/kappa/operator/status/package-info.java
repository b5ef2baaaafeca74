/** Conditions and Kubernetes Events. */
@NullMarked
package dev.kappa.operator.status;

import org.jspecify.annotations.NullMarked;
