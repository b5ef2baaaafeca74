package dev.kappa.controlplane.mutantleft;

import dev.kappa.controlplane.mutantright.Right;

/** A mutant: one half of a cycle of packages. */
public record Left(Right right) {}
