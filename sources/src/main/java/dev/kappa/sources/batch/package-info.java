/** Makes batches of records and decides what becomes of them; pure: what happened and the time come from outside, commands go out. */
@NullMarked
package dev.kappa.sources.batch;

import org.jspecify.annotations.NullMarked;
