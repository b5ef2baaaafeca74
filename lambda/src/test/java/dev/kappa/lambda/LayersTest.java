package dev.kappa.lambda;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final ArchRule KNOWS_NOTHING_OF_OURS = classes()
            .that()
            .resideInAPackage("dev.kappa.lambda..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.kappa.lambda..", "java..", "com.fasterxml.jackson.core..", "org.jspecify..");

    @Test
    void lambdaKnowsOnlyTheJdkAndTheJsonParser() {
        KNOWS_NOTHING_OF_OURS.check(new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.kappa.lambda"));
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
