/** Rights that functions give themselves. */
@NullMarked
package dev.kappa.gateway.policy;

import org.jspecify.annotations.NullMarked;
