package dev.kappa.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.gateway.dispatch.KnowsHttp;
import dev.kappa.gateway.mutantleft.KnowsMore;
import dev.kappa.gateway.mutantleft.Left;
import dev.kappa.gateway.mutantright.Right;
import dev.kappa.layers.Layers;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final Layers LAYERS = Layers.of("dev.kappa.gateway");

    private static final ArchRule ONLY_CLUSTER_AND_MAIN_KNOW_KUBERNETES = noClasses()
            .that()
            .resideOutsideOfPackages("dev.kappa.gateway", "dev.kappa.gateway.cluster")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "dev.kappa.gateway.cluster");

    private static final ArchRule THE_CORE_KNOWS_NO_HTTP = noClasses()
            .that()
            .resideInAnyPackage("..catalog..", "..dispatch..", "..peers..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx.core.http..",
                    "dev.kappa.http..",
                    "..gateway.invoke..",
                    "..gateway.forward..",
                    "..gateway.shim..");

    private static final ArchRule ONLY_MAIN_KNOWS_JETSTREAM = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kappa.gateway")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.nats..", "dev.kappa.jetstream..");

    private static final ArchRule NO_OTHER_PROCESS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kappa.operator..", "dev.kappa.controlplane..", "dev.kappa.shim..");

    private static final ArchRule NO_CYCLES =
            slices().matching("dev.kappa.gateway.(*)..").should().beFreeOfCycles();

    @Test
    void onlyClusterAndMainKnowKubernetes() {
        LAYERS.obey(ONLY_CLUSTER_AND_MAIN_KNOW_KUBERNETES, KnowsMore.class);
    }

    @Test
    void theCoreKnowsNoHttp() {
        LAYERS.obey(THE_CORE_KNOWS_NO_HTTP, KnowsHttp.class);
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
