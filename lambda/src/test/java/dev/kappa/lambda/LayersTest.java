package dev.kappa.lambda;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void lambdaKnowsOnlyTheJdkAndTheJsonParser() {
        Layers.knowOnly("dev.kappa.lambda", "javax.crypto..", "com.fasterxml.jackson.core..");
    }
}
