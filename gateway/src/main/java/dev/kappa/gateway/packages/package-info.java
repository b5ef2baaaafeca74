/** Code packages: guards for uploads and the store. */
@NullMarked
package dev.kappa.gateway.packages;

import org.jspecify.annotations.NullMarked;
