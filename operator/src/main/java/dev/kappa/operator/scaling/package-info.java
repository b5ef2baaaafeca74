/** Drives the autoscaler: demand in, scale of Deployments out. */
@NullMarked
package dev.kappa.operator.scaling;

import org.jspecify.annotations.NullMarked;
