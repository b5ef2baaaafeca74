/** How many processes there are that work on event sources. */
@NullMarked
package dev.kappa.operator.sources;

import org.jspecify.annotations.NullMarked;
