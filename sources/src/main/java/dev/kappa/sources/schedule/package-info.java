/** When schedules are due, and which ticks of theirs count as missed; pure: the time comes from outside. */
@NullMarked
package dev.kappa.sources.schedule;

import org.jspecify.annotations.NullMarked;
