package dev.kappa.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kappa.gateway");

    @Test
    void onlyClusterAndMainKnowKubernetes() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.kappa.gateway", "dev.kappa.gateway.cluster")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "dev.kappa.gateway.cluster")
                .check(CLASSES);
    }

    @Test
    void theCoreKnowsNoHttp() {
        noClasses()
                .that()
                .resideInAnyPackage("..names..", "..catalog..", "..dispatch..", "..peers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx.core.http..",
                        "io.nats..",
                        "..gateway.invoke..",
                        "..gateway.forward..",
                        "..gateway.shim..")
                .check(CLASSES);
    }

    @Test
    void onlyTheStoresKnowNats() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.kappa.gateway")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.nats..")
                .check(CLASSES);
    }
}
