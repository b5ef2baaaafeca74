/** What every runtime has in common: events and their outcomes, admission, the listener, the settings. */
@NullMarked
package dev.kappa.shim.core;

import org.jspecify.annotations.NullMarked;
