package dev.kappa.stores;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import dev.kappa.layers.Layers;
import dev.kappa.stores.events.CycleMutant;
import dev.kappa.stores.packages.CycleMutantToo;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void theContractsKnowNothingOfWhatKeepsThem() {
        Layers.knowOnly("dev.kappa.stores", "dev.kappa.lambda..", "com.fasterxml.jackson.annotation..");
    }

    @Test
    void packagesHaveNoCycles() {
        Layers.of("dev.kappa.stores")
                .obey(
                        slices().matching("dev.kappa.stores.(*)..").should().beFreeOfCycles(),
                        CycleMutant.class,
                        CycleMutantToo.class);
    }
}
