package dev.kappa.gateway;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.cluster.KnownPods;
import dev.kappa.gateway.dispatch.ClusterView;
import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.gateway.dispatch.VersionConfig;
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
record CatalogView(Catalog catalog, KnownPods pods, Ring ring) implements ClusterView {
    @Override
    public @Nullable VersionConfig version(VersionKey key) {
        return catalog.config(key);
    }

    @Override
    public @Nullable KnownPod pod(String namespace, String pod) {
        return pods.find(namespace, pod);
    }

    @Override
    public boolean owns(FunctionKey function) {
        return ring.owns(function);
    }
}
