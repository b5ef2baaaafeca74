package dev.kappa.controlplane;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.controlplane.mutantleft.KnowsMore;
import dev.kappa.controlplane.mutantleft.Left;
import dev.kappa.controlplane.mutantright.Right;
import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final Layers LAYERS = Layers.of("dev.kappa.controlplane");

    /** Names and durations are text. */
    private static final ArchRule ONLY_CLUSTER_AND_MAIN_KNOW_KUBERNETES = noClasses()
            .that()
            .resideOutsideOfPackages("dev.kappa.controlplane", "dev.kappa.controlplane.cluster")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.fabric8..", "dev.kappa.controlplane.cluster")
                    .or(resideInAPackage("dev.kappa.api..")
                            .and(not(belongToAnyOf(ResourceNames.class, Durations.class)))));

    private static final ArchRule ONLY_MAIN_KNOWS_JETSTREAM = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kappa.controlplane")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.nats..", "dev.kappa.jetstream..");

    private static final ArchRule NO_OTHER_PROCESS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kappa.operator..", "dev.kappa.gateway..", "dev.kappa.shim..");

    private static final ArchRule NO_CYCLES =
            slices().matching("dev.kappa.controlplane.(*)..").should().beFreeOfCycles();

    @Test
    void onlyClusterAndMainKnowKubernetes() {
        LAYERS.obey(ONLY_CLUSTER_AND_MAIN_KNOW_KUBERNETES, KnowsMore.class);
    }

    @Test
    void onlyMainKnowsJetStream() {
        LAYERS.obey(ONLY_MAIN_KNOWS_JETSTREAM, KnowsMore.class);
    }

    @Test
    void noOtherProcessIsImported() {
        LAYERS.obey(NO_OTHER_PROCESS, KnowsMore.class);
    }

    @Test
    void packagesHaveNoCycles() {
        LAYERS.obey(NO_CYCLES, Left.class, Right.class);
    }
}
