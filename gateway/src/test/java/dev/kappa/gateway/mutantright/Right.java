package dev.kappa.gateway.mutantright;

import dev.kappa.gateway.mutantleft.Left;

/** A mutant: the other half. */
public record Right(Left left) {}
