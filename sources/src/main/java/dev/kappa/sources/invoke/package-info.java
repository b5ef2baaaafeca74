/** Gives events to functions, as any client does. */
@NullMarked
package dev.kappa.sources.invoke;

import org.jspecify.annotations.NullMarked;
