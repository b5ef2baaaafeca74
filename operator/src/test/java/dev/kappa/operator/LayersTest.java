package dev.kappa.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kappa.operator");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.kappa.operator.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void decisionsKnowNoKubernetesAndNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.kappa.operator.autoscaler..", "dev.kappa.operator.rollout..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "dev.kappa.api..", "java.net..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void reconcilersDoNotScale() {
        noClasses()
                .that()
                .resideInAnyPackage("..operator.function..", "..operator.version..", "..operator.alias..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.kappa.operator.scaling..", "dev.kappa.operator.http..")
                .check(CLASSES);
    }
}
