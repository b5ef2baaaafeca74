/** Passes calls on to the control plane. */
@NullMarked
package dev.kappa.gateway.proxy;

import org.jspecify.annotations.NullMarked;
