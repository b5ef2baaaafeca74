package dev.kappa.identity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.layers.Layers;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void identityKnowsTheContractsOnly() {
        Layers.knowOnly(
                "dev.kappa.identity",
                "dev.kappa.lambda..",
                "dev.kappa.wire..",
                "com.github.benmanes.caffeine..",
                "io.fabric8..",
                "org.slf4j..",
                "javax.crypto..");
    }

    private static final ArchRule ONLY_CLUSTER_KNOWS_KUBERNETES = noClasses()
            .that()
            .resideInAPackage("dev.kappa.identity")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "dev.kappa.identity.cluster");

    @Test
    void onlyClusterKnowsKubernetes() {
        Layers.of("dev.kappa.identity").obey(ONLY_CLUSTER_KNOWS_KUBERNETES, KnowsKubernetes.class);
    }

    private record KnowsKubernetes(KubernetesClient client) {}
}
