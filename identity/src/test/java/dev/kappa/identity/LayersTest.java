package dev.kappa.identity;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void identityKnowsTheContractsOnly() {
        Layers.knowOnly(
                "dev.kappa.identity", "dev.kappa.lambda..", "dev.kappa.wire..", "com.github.benmanes.caffeine..");
    }
}
