/** Settings of the processes. */
@NullMarked
package dev.kappa.settings;

import org.jspecify.annotations.NullMarked;
