package dev.kappa.jetstream;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void theAdaptersKnowNoProcessAndNothingButNats() {
        Layers.knowOnly(
                "dev.kappa.jetstream",
                "dev.kappa.stores..",
                "dev.kappa.lambda..",
                "dev.failsafe..",
                "io.nats..",
                "javax.net.ssl..",
                "com.fasterxml.jackson..",
                "org.slf4j..");
    }
}
