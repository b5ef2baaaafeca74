package dev.kappa.identity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final ArchRule KNOWS_NO_MORE_THAN_IT_MAY = classes()
            .that()
            .resideInAPackage("dev.kappa.identity..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kappa.identity..",
                    "dev.kappa.lambda..",
                    "dev.kappa.wire..",
                    "com.github.benmanes.caffeine..",
                    "org.jspecify..",
                    "java..");

    @Test
    void identityKnowsTheContractsOnly() {
        KNOWS_NO_MORE_THAN_IT_MAY.check(new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.kappa.identity"));
    }

    @Test
    void theRuleRejectsAClassThatKnowsMore() {
        var mutant = new ClassFileImporter().importClasses(KnowsMore.class);

        assertThat(KNOWS_NO_MORE_THAN_IT_MAY.evaluate(mutant).hasViolation()).isTrue();
    }

    /** A mutant: depends on a library that is none of the allowed ones. */
    private static final class KnowsMore {
        @Test
        void isATest() {}
    }
}
