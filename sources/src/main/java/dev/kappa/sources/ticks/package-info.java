/** Sends the events of schedules. */
@NullMarked
package dev.kappa.sources.ticks;

import org.jspecify.annotations.NullMarked;
