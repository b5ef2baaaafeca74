package dev.kappa.api.v1alpha1;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void resourcesKnowOnlyTheModelOfKubernetes() {
        Layers.knowOnly(
                "dev.kappa.api",
                "com.fasterxml.jackson.annotation..",
                "io.fabric8.crd.generator.annotation..",
                "io.fabric8.generator.annotation..",
                "io.fabric8.kubernetes.api.model..",
                "io.fabric8.kubernetes.client",
                "io.fabric8.kubernetes.model.annotation..");
    }
}
