package dev.kappa.http;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void httpKnowsTheContractsVertxAndItsNettyOnly() {
        Layers.knowOnly(
                "dev.kappa.http",
                "dev.kappa.lambda..",
                "dev.kappa.identity..",
                "dev.kappa.wire..",
                "io.netty..",
                "io.vertx..",
                "org.slf4j..");
    }
}
