package dev.kappa.gateway.mutantleft;

import dev.kappa.gateway.mutantright.Right;

/** A mutant: one half of a cycle of packages. */
public record Left(Right right) {}
