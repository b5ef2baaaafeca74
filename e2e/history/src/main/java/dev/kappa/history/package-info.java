/** Judges what happened to asynchronous events, from what each party wrote down. */
@NullMarked
package dev.kappa.history;

import org.jspecify.annotations.NullMarked;
