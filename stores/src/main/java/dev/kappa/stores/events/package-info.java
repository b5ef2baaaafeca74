/** Asynchronous events as they are kept, and what keeps them. */
@NullMarked
package dev.kappa.stores.events;

import org.jspecify.annotations.NullMarked;
