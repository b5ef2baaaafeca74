package dev.kappa.jetstream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The rule of the adapters, and a mutant that breaks it. */
class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kappa.jetstream");

    private static final ArchRule ADAPTERS_KNOW_CONTRACTS_AND_NATS = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kappa.jetstream..",
                    "dev.kappa.stores..",
                    "dev.kappa.lambda..",
                    "io.nats..",
                    "com.fasterxml.jackson..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "java..");

    @Test
    void theAdaptersKnowNoProcessAndNothingButNats() {
        ADAPTERS_KNOW_CONTRACTS_AND_NATS.check(CLASSES);
        JavaClasses broken = new ClassFileImporter().importClasses(ForeignMutant.class);
        assertThatThrownBy(() -> ADAPTERS_KNOW_CONTRACTS_AND_NATS.check(broken)).isInstanceOf(AssertionError.class);
    }
}
