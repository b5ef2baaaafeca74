package dev.kappa.controlplane.mutantleft;

import dev.kappa.gateway.OfAnotherProcess;
import dev.kappa.jetstream.NatsLink;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A mutant: knows Kubernetes, NATS and another process. */
public record KnowsMore(KubernetesClient client, NatsLink nats, OfAnotherProcess process) {}
