/** Decides how many instances a version needs; knows no Kubernetes. */
@NullMarked
package dev.kappa.operator.autoscaler;

import org.jspecify.annotations.NullMarked;
