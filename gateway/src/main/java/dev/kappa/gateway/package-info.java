/** The gateway process: settings and wiring. */
@NullMarked
package dev.kappa.gateway;

import org.jspecify.annotations.NullMarked;
