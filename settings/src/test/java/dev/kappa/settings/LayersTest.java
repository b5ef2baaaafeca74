package dev.kappa.settings;

import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void settingsKnowNothingOfOurs() {
        Layers.knowOnly("dev.kappa.settings");
    }
}
