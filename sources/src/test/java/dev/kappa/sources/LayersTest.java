package dev.kappa.sources;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.layers.Layers;
import dev.kappa.sources.batch.ClockMutant;
import dev.kappa.sources.batch.RulerMutant;
import dev.kappa.sources.mutantleft.KnowsMore;
import dev.kappa.sources.mutantleft.Left;
import dev.kappa.sources.mutantright.Right;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The rules of the house, and for each a mutant that breaks it. */
class LayersTest {
    private static final Layers LAYERS = Layers.of("dev.kappa.sources");

    private static final String[] PURE = {
        "dev.kappa.sources.batch..", "dev.kappa.sources.lease..", "dev.kappa.sources.schedule.."
    };

    private static final ArchRule PURE_KNOWS_ONLY_PURE = classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.nio.charset..",
                    "java.util..",
                    "java.time..",
                    "org.jspecify..",
                    "dev.kappa.lambda..",
                    PURE[0],
                    PURE[1],
                    PURE[2]);

    private static final ArchRule DECISIONS_TAKE_THE_TIME = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now");

    private static final ArchRule ONLY_FILTER_KNOWS_THE_RULER = noClasses()
            .that()
            .resideOutsideOfPackage("dev.kappa.sources.filter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon.event.ruler..");

    private static final ArchRule ONLY_MAIN_KNOWS_JETSTREAM = noClasses()
            .that()
            .resideOutsideOfPackages("dev.kappa.sources", "dev.kappa.sources.nats")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.nats..", "dev.kappa.jetstream..");

    private static final ArchRule NO_OTHER_PROCESS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kappa.gateway..", "dev.kappa.controlplane..", "dev.kappa.operator..", "dev.kappa.shim..");

    private static final ArchRule NO_CYCLES =
            slices().matching("dev.kappa.sources.(*)..").should().beFreeOfCycles();

    @Test
    void decisionsKnowOnlyEachOtherAndLambda() {
        LAYERS.obey(PURE_KNOWS_ONLY_PURE, RulerMutant.class);
    }

    @Test
    void decisionsTakeTheTimeAsAParameter() {
        LAYERS.obey(DECISIONS_TAKE_THE_TIME, ClockMutant.class);
    }

    @Test
    void onlyFilterKnowsTheRuler() {
        LAYERS.obey(ONLY_FILTER_KNOWS_THE_RULER, RulerMutant.class);
    }

    @Test
    void packagesHaveNoCycles() {
        LAYERS.obey(NO_CYCLES, Left.class, Right.class);
    }

    @Test
    void onlyMainKnowsJetStream() {
        LAYERS.obey(ONLY_MAIN_KNOWS_JETSTREAM, KnowsMore.class);
    }

    @Test
    void nothingKnowsAnotherProcess() {
        LAYERS.obey(NO_OTHER_PROCESS, KnowsMore.class);
    }
}
