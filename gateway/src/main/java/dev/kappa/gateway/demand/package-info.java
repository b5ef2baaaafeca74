/** Tells the operators what events ask for. */
@NullMarked
package dev.kappa.gateway.demand;

import org.jspecify.annotations.NullMarked;
