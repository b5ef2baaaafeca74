/** Aliases: names for versions. */
@NullMarked
package dev.kappa.operator.alias;

import org.jspecify.annotations.NullMarked;
