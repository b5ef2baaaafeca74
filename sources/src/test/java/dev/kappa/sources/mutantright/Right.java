package dev.kappa.sources.mutantright;

import dev.kappa.sources.mutantleft.Left;

/** Breaks a rule of LayersTest, with Left. */
public record Right(Class<Left> left) {}
