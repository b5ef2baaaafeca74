/** Who works on a shard: one key holds owner, epoch and checkpoint, and every write is a compare-and-set of it; pure. */
@NullMarked
package dev.kappa.sources.lease;

import org.jspecify.annotations.NullMarked;
