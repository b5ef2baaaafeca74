/** Temporary credentials. */
@NullMarked
package dev.kappa.controlplane.sts;

import org.jspecify.annotations.NullMarked;
