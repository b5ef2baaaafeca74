package dev.kappa.sources.batch;

import software.amazon.event.ruler.Machine;

/** Breaks rules of LayersTest. */
public record RulerMutant(Machine machine) {}
