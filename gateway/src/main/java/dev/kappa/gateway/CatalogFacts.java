package dev.kappa.gateway;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.cluster.KnownPods;
import dev.kappa.gateway.dispatch.Facts;
import dev.kappa.gateway.dispatch.PodFacts;
import dev.kappa.gateway.dispatch.VersionFacts;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher looks up, from the informers.
 *
 * @param catalog versions
 * @param pods pods
 * @param ring owners
 */
record CatalogFacts(Catalog catalog, KnownPods pods, Ring ring) implements Facts {
    @Override
    public @Nullable VersionFacts version(VersionKey key) {
        return catalog.facts(key);
    }

    @Override
    public @Nullable PodFacts pod(String namespace, String pod) {
        return pods.find(namespace, pod);
    }

    @Override
    public boolean owns(FunctionKey function) {
        return ring.owns(function);
    }
}
