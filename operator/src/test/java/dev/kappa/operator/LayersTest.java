package dev.kappa.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.layers.Layers;
import dev.kappa.operator.alias.ScalingMutant;
import dev.kappa.operator.autoscaler.ClockMutant;
import dev.kappa.operator.autoscaler.KubernetesMutant;
import dev.kappa.operator.code.CycleMutant;
import dev.kappa.operator.rollout.DriverMutant;
import dev.kappa.operator.status.CycleMutantToo;
import dev.kappa.operator.workload.ReconcilerMutant;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The rules of the house, and for each a mutant that breaks it. */
class LayersTest {
    private static final Layers LAYERS = Layers.of("dev.kappa.operator");

    private static final String[] PURE = {"dev.kappa.operator.autoscaler..", "dev.kappa.operator.rollout.."};

    private static final ArchRule NO_CYCLES =
            slices().matching("dev.kappa.operator.(*)..").should().beFreeOfCycles();

    private static final ArchRule PURE_KNOWS_ONLY_PURE = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "org.jspecify..",
                    "dev.kappa.wire..",
                    "dev.kappa.lambda..",
                    PURE[0],
                    PURE[1]);

    private static final ArchRule DECISIONS_TAKE_THE_TIME = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now");

    private static final ArchRule RECONCILERS_DO_NOT_SCALE = noClasses()
            .that()
            .resideInAnyPackage("..operator.function..", "..operator.version..", "..operator.alias..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.kappa.operator.scaling..", "dev.kappa.operator.http..");

    private static final ArchRule ONLY_MAIN_KNOWS_RECONCILERS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.kappa.operator", "..operator.function..", "..operator.version..", "..operator.alias..")
            .should()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("Reconciler");

    @Test
    void packagesHaveNoCycles() {
        LAYERS.obey(NO_CYCLES, CycleMutant.class, CycleMutantToo.class);
    }

    @Test
    void decisionsKnowNeitherKubernetesNorTheirDrivers() {
        LAYERS.obey(PURE_KNOWS_ONLY_PURE, KubernetesMutant.class);
        LAYERS.obey(PURE_KNOWS_ONLY_PURE, DriverMutant.class);
    }

    @Test
    void decisionsTakeTheTimeAsAParameter() {
        LAYERS.obey(DECISIONS_TAKE_THE_TIME, ClockMutant.class);
    }

    @Test
    void reconcilersDoNotScale() {
        LAYERS.obey(RECONCILERS_DO_NOT_SCALE, ScalingMutant.class);
    }

    @Test
    void onlyMainKnowsReconcilers() {
        LAYERS.obey(ONLY_MAIN_KNOWS_RECONCILERS, ReconcilerMutant.class);
    }
}
