/** Code packages: uploads of users and of the operator, and the guards that they pass. */
@NullMarked
package dev.kappa.controlplane.packages;

import org.jspecify.annotations.NullMarked;
