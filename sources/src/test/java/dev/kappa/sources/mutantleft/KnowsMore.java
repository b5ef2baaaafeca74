package dev.kappa.sources.mutantleft;

import dev.kappa.gateway.OfAnotherProcess;
import dev.kappa.jetstream.NatsLink;

/** A mutant: knows NATS and another process. */
public record KnowsMore(NatsLink nats, OfAnotherProcess process) {}
