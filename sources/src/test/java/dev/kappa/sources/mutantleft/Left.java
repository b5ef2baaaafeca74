package dev.kappa.sources.mutantleft;

import dev.kappa.sources.mutantright.Right;

/** Breaks a rule of LayersTest, with Right. */
public record Left(Class<Right> right) {}
