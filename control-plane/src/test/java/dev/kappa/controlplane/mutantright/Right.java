package dev.kappa.controlplane.mutantright;

import dev.kappa.controlplane.mutantleft.Left;

/** A mutant: the other half. */
public record Right(Left left) {}
