package dev.kappa.stores;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kappa.stores");

    @Test
    void theContractsKnowNothingOfWhatKeepsThem() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.kappa.stores..",
                        "dev.kappa.lambda..",
                        "com.fasterxml.jackson.annotation..",
                        "org.jspecify..",
                        "java..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.kappa.stores.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
