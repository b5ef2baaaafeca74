/** Brings the code of functions into the package store. */
@NullMarked
package dev.kappa.operator.code;

import org.jspecify.annotations.NullMarked;
