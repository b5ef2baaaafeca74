/** The wire contract of shim, gateway and operator: paths, headers, tokens and the demand report. */
@NullMarked
package dev.kappa.wire;

import org.jspecify.annotations.NullMarked;
