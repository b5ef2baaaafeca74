/** The queue and the instances of each version: which event runs where and when. */
@NullMarked
package dev.kappa.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
