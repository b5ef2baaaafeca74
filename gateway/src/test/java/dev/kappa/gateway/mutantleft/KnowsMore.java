package dev.kappa.gateway.mutantleft;

import dev.kappa.controlplane.OfAnotherProcess;
import dev.kappa.jetstream.NatsLink;
import io.fabric8.kubernetes.client.KubernetesClient;

/** A mutant: knows Kubernetes, NATS and another process. */
public record KnowsMore(KubernetesClient client, NatsLink nats, OfAnotherProcess process) {}
