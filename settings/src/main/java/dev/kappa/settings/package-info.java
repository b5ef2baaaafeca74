/** Settings of the processes, by their environment and of their heap. */
@NullMarked
package dev.kappa.settings;

import org.jspecify.annotations.NullMarked;
