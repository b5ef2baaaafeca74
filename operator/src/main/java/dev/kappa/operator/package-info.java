/** The operator's process. */
@NullMarked
package dev.kappa.operator;

import org.jspecify.annotations.NullMarked;
