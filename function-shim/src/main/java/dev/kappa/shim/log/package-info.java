/** The pod's log, and which event a line belongs to. */
@NullMarked
package dev.kappa.shim.log;

import org.jspecify.annotations.NullMarked;
