package dev.kappa.gateway;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.cluster.ScheduledPods;
import dev.kappa.gateway.dispatch.Facts;
import dev.kappa.gateway.dispatch.VersionFacts;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import org.jspecify.annotations.Nullable;

/**
 * What the dispatcher looks up, from the informers.
 *
 * @param catalog versions
 * @param scheduled pods
 * @param ring owners
 */
record CatalogFacts(Catalog catalog, ScheduledPods scheduled, Ring ring) implements Facts {
    @Override
    public @Nullable VersionFacts version(VersionKey key) {
        return catalog.facts(key);
    }

    @Override
    public long podScheduledAtMs(String namespace, String pod) {
        return scheduled.atMs(namespace, pod);
    }

    @Override
    public boolean owns(FunctionKey function) {
        return ring.owns(function);
    }
}
