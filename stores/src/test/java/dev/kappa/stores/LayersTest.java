package dev.kappa.stores;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.stores.events.CycleMutant;
import dev.kappa.stores.events.ForeignMutant;
import dev.kappa.stores.packages.CycleMutantToo;
import org.junit.jupiter.api.Test;

/** The rules of the house, and for each a mutant that breaks it. */
class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kappa.stores");

    private static final ArchRule CONTRACTS_KNOW_CONTRACTS = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kappa.stores..",
                    "dev.kappa.lambda..",
                    "com.fasterxml.jackson.annotation..",
                    "org.jspecify..",
                    "java..");

    private static final ArchRule NO_CYCLES =
            slices().matching("dev.kappa.stores.(*)..").should().beFreeOfCycles();

    @Test
    void theContractsKnowNothingOfWhatKeepsThem() {
        holds(CONTRACTS_KNOW_CONTRACTS, ForeignMutant.class);
    }

    @Test
    void packagesHaveNoCycles() {
        holds(NO_CYCLES, CycleMutant.class, CycleMutantToo.class);
    }

    private static void holds(ArchRule rule, Class<?>... mutants) {
        rule.check(CLASSES);
        JavaClasses broken = new ClassFileImporter().importClasses(mutants);
        assertThatThrownBy(() -> rule.check(broken)).isInstanceOf(AssertionError.class);
    }
}
