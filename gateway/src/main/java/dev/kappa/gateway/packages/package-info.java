/** Code packages for instances. */
@NullMarked
package dev.kappa.gateway.packages;

import org.jspecify.annotations.NullMarked;
