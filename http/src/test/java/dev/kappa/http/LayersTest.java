package dev.kappa.http;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void httpKnowsTheContractsAndVertxOnly() {
        Layers.knowOnly("dev.kappa.http", "dev.kappa.lambda..", "dev.kappa.identity..", "io.vertx..", "org.slf4j..");
    }
}
