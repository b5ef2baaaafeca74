/** Carries out what the engine of a shard asks for. */
@NullMarked
package dev.kappa.sources.streams;

import org.jspecify.annotations.NullMarked;
