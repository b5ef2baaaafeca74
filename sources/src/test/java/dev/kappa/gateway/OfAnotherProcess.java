package dev.kappa.gateway;

/** Stands for a class of another process, which a mutant imports. */
public record OfAnotherProcess() {}
