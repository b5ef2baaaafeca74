/** Drives rollouts of aliases: observes both versions, asks alarms and hooks, and keeps instances. */
@NullMarked
package dev.kappa.operator.promotion;

import org.jspecify.annotations.NullMarked;
