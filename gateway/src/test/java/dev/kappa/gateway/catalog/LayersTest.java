package dev.kappa.gateway.catalog;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void theCatalogKnowsNeitherKubernetesNorVertxNorNats() {
        Layers.knowOnly(
                "dev.kappa.gateway.catalog",
                "dev.kappa.gateway.dispatch..",
                "dev.kappa.lambda..",
                "dev.kappa.stores.events..");
    }
}
