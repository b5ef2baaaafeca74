/** Rollouts from one version to the next; pure: what is observed and the time come from outside. */
@NullMarked
package dev.kappa.operator.rollout;

import org.jspecify.annotations.NullMarked;
