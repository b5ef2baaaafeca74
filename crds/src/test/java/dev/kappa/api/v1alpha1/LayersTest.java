package dev.kappa.api.v1alpha1;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final ArchRule KNOWS_NOTHING_OF_OURS = classes()
            .that()
            .resideInAPackage("dev.kappa.api..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kappa.api..",
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson.annotation..",
                    "io.fabric8.crd.generator.annotation..",
                    "io.fabric8.generator.annotation..",
                    "io.fabric8.kubernetes.api.model..",
                    "io.fabric8.kubernetes.client",
                    "io.fabric8.kubernetes.model.annotation..");

    @Test
    void resourcesKnowOnlyTheModelOfKubernetes() {
        KNOWS_NOTHING_OF_OURS.check(new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.kappa.api"));
    }

    @Test
    void theRuleRejectsAClassThatKnowsMore() {
        var mutant = new ClassFileImporter().importClasses(KnowsMore.class);

        assertThat(KNOWS_NOTHING_OF_OURS.evaluate(mutant).hasViolation()).isTrue();
    }

    /** A mutant: depends on a library that is none of the allowed ones. */
    private static final class KnowsMore {
        @Test
        void isATest() {}
    }
}
